/** Our engine behind nothing but node:http, to see what the engine alone costs. Usage: engine-server.ts PORT SUPERGRAPH */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parse } from 'graphql';
import { createEngine, createHttpClient } from '../../../gateway/src/engine/index.ts';

const [port = '', supergraphFile = ''] = process.argv.slice(2);
const engine = createEngine({
  supergraphSdl: readFileSync(supergraphFile, 'utf8'),
  client: ({ url }) =>
    createHttpClient({ url, headers: (context) => ({ authorization: context.identityKey }) }),
});
const documents = new Map<string, ReturnType<typeof parse>>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    const identityKey = request.headers.authorization ?? '';
    const json = await engine.executeToJson({
      document,
      source: query,
      variables: variables ?? {},
      context: { identityKey },
    });
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(json),
    });
    response.end(json);
  });
});
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
