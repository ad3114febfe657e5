// Writes what the graph is made of, or checks that it is up to date:
//   npm run schema:emit     writes schema/<subgraph>.graphql, supergraph.graphql and api.graphql
//   npm run schema:check    fails when one of them is stale, or when clients of the committed API would break
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildSchemas } from './compose.ts';

const isCheck = process.argv.includes('--check');
const stale: string[] = [];

for (const [name, text] of Object.entries(await buildSchemas())) {
  const file = path.join(import.meta.dirname, `${name}.graphql`);
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed === text) continue;
  if (isCheck) stale.push(`schema/${name}.graphql`);
  else await writeFile(file, text);
}

if (stale.length > 0) {
  console.error(`Stale: ${stale.join(', ')}. Run "npm run schema:emit" and commit what it writes.`);
  process.exitCode = 1;
}
