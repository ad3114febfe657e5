import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { findFreePort } from '@suvidha/testing';
import { graphql, parse } from 'graphql';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A subgraph that has nothing to do with ours, over plain HTTP. */
async function startSubgraph(typeDefs: string, resolvers: object) {
  const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers: resolvers as never });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const result = await graphql({ schema, source: query, variableValues: variables });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    typeDefs: parse(typeDefs),
    [Symbol.dispose]: () => void server.close(),
  };
}

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

async function startGateway(args: readonly string[]) {
  const child = spawn('npm', ['run', '--silent', 'gateway', '--', ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return {
    child,
    output: () => output,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || !child.pid) return;
      const exited = once(child, 'exit');
      process.kill(-child.pid, 'SIGTERM');
      await exited;
    },
  };
}

async function untilReady(url: string, child: { exitCode: number | null }): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(`${url}/health/ready`).catch(() => null);
    if (response?.ok) return;
  }
  throw new Error('the gateway ended before it was ready');
}

describe('npm run gateway -- --supergraph FILE --port N', () => {
  it('serves any supergraph over HTTP, with nothing else of the product', async () => {
    using books = await startSubgraph(
      `${link} type Query { books: [Book!] } type Book @key(fields: "id") { id: ID! title: String }`,
      { Query: { books: () => [{ id: '1', title: 'Malgudi Days' }] } },
    );
    using reviews = await startSubgraph(`${link} type Book @key(fields: "id") { id: ID! rating: Int }`, {
      Book: { __resolveReference: ({ id }: { id: string }) => ({ id, rating: 5 }) },
    });
    const { supergraphSdl = '' } = composeServices([
      { name: 'books', ...books },
      { name: 'reviews', ...reviews },
    ]);
    const directory = await mkdtemp(path.join(os.tmpdir(), 'suvidha-supergraph-'));
    const file = path.join(directory, 'supergraph.graphql');
    await writeFile(file, supergraphSdl);
    const port = await findFreePort();
    await using gateway = await startGateway(['--supergraph', file, '--port', String(port)]);
    await untilReady(`http://127.0.0.1:${port}`, gateway.child);

    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ books { title rating } }' }),
    });
    expect(await response.json()).toEqual({ data: { books: [{ title: 'Malgudi Days', rating: 5 }] } });
    await rm(directory, { recursive: true });
  });

  it.each([
    ['a file that is not there', '/no/such/file.graphql', 'cannot be read'],
    [
      'a file that is no supergraph',
      fileURLToPath(new URL('../package.json', import.meta.url)),
      'is not valid',
    ],
  ])('refuses %s in one sentence', async (_case, file, sentence) => {
    await using gateway = await startGateway(['--supergraph', file]);
    const [code] = await once(gateway.child, 'close');
    expect(code).not.toBe(0);
    expect(gateway.output()).toContain(sentence);
    expect(gateway.output().trim().split('\n')).toHaveLength(1);
  });
});
