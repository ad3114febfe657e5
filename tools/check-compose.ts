// Checks docker-compose.yml against the compose specification's schema and against what our processes read:
//   npm run compose:check
//   npm run compose:check -- FILE
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { loadDemoSecrets } from '../packages/launcher/src/demo-secrets.ts';
import { checkEnvironments } from './compose.environment.ts';
import { checkReferences } from './compose.references.ts';
import { type ComposeFile, checkSchema } from './compose.schema.ts';
import { createDemoEnv } from './demo-env.template.ts';

const file = process.argv[2] ?? new URL('../docker-compose.yml', import.meta.url);
const directory = await mkdtemp(path.join(os.tmpdir(), 'suvidha-compose-'));
const secrets = await loadDemoSecrets(directory);
await rm(directory, { recursive: true });
const demoEnv = createDemoEnv({ ...secrets, POSTGRES_PASSWORD: randomBytes(16).toString('hex') });

const document: unknown = parse(await readFile(file, 'utf8'), { merge: true });
const schemaProblems = await checkSchema(document);
const problems =
  schemaProblems.length > 0
    ? schemaProblems
    : [...checkReferences(document as ComposeFile), ...checkEnvironments(document as ComposeFile, demoEnv)];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
