// Generates the Prisma client of each subgraph from prisma/<subgraph>/schema.prisma, without the network.
// It runs at `npm install` on whatever Node the machine has, so it is plain JavaScript and imports only Node's own modules.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const CONCURRENCY = 2;
const HASH_FILE = '.schema-hash';

/** The repository; a test may name another folder of the same shape. */
const root = path.resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
const prismaPackage = createRequire(import.meta.url).resolve('prisma/package.json');
const { version, bin } = JSON.parse(await readFile(prismaPackage, 'utf8'));
const prismaCommand = path.join(path.dirname(prismaPackage), bin.prisma);

/**
 * @typedef {object} Subgraph
 * @property {string} name
 * @property {string} schemaFile
 * @property {string} output folder of the generated client; the `output` of the schema's generator names the same one
 */

/** @returns {Promise<Subgraph[]>} every folder beside this file that holds a schema */
async function loadSubgraphs() {
  const entries = await readdir(path.join(root, 'prisma'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      schemaFile: path.join(root, 'prisma', name, 'schema.prisma'),
      output: path.join(root, 'subgraphs', name, 'src/generated/prisma'),
    }))
    .filter(({ schemaFile }) => existsSync(schemaFile));
}

/**
 * The generator's version is part of the hash: an upgrade of Prisma regenerates too.
 * @param {Subgraph} subgraph
 */
async function hashOf(subgraph) {
  const schema = await readFile(subgraph.schemaFile);
  return createHash('sha256').update(version).update('\0').update(schema).digest('hex');
}

/** @param {Subgraph} subgraph */
async function generate(subgraph) {
  const hashFile = path.join(subgraph.output, HASH_FILE);
  const hash = await hashOf(subgraph);
  if ((await readFile(hashFile, 'utf8').catch(() => '')) === hash) return;
  await runPrisma(['generate', '--no-hints', '--schema', subgraph.schemaFile]);
  await writeFile(hashFile, hash);
}

/**
 * PRISMA_SCHEMA_ENGINE_BINARY: the command insists on a native schema engine and would download one, but generating never
 * runs it, so any existing executable satisfies the check.
 * @param {string[]} args
 */
async function runPrisma(args) {
  const child = spawn(process.execPath, [prismaCommand, ...args], {
    cwd: root,
    env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(undefined) : reject(new Error(output.trim()))));
  });
}

/** @param {Subgraph[]} queue */
async function generateAll(queue) {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { name } = next;
    await generate(next).catch((error) => {
      process.exitCode = 1;
      console.error(`prisma/${name}/schema.prisma: no client was generated.\n${error.message}`);
    });
  }
}

const queue = await loadSubgraphs();
await Promise.all(Array.from({ length: CONCURRENCY }, () => generateAll(queue)));
