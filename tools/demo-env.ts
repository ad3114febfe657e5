// Writes .env for `docker compose up` with the provider sandbox and demo data. The secrets are the demo's own:
//   npm run env:demo
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { loadDemoSecrets } from '../packages/launcher/src/demo-secrets.ts';
import { createDemoEnv, toEnvFile } from './demo-env.template.ts';

const file = new URL('../.env', import.meta.url);
const secrets = await loadDemoSecrets(new URL('../.data', import.meta.url).pathname);
const env = createDemoEnv({ ...secrets, POSTGRES_PASSWORD: randomBytes(16).toString('hex') });

try {
  await writeFile(file, toEnvFile(env), { flag: 'wx', mode: 0o600 });
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  process.stderr.write('There is a .env already: move it away to have one for the demo written.\n');
  process.exitCode = 1;
}
