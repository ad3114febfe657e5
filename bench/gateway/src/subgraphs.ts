/**
 * The four subgraphs in one process. Each distinct question is executed once by graphql-js and replayed after that, so
 * that what is measured is the gateways. Usage: subgraphs.ts PORT
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { resolvers, subgraphNames, typeDefs } from './graph.ts';

const schemas = new Map<string, GraphQLSchema>(
  subgraphNames.map((name) => [
    `/${name}`,
    buildSubgraphSchema({ typeDefs: parse(typeDefs[name]), resolvers: resolvers[name] as never }),
  ]),
);
const answers = new Map<string, Buffer>();
let served = 0;

async function answer(path: string, body: string): Promise<Buffer> {
  const key = `${path}\n${body}`;
  const known = answers.get(key);
  if (known) return known;
  const schema = schemas.get(path);
  if (!schema) throw new Error(`No subgraph at ${path}`);
  const { query, variables } = JSON.parse(body);
  const result = Buffer.from(
    JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables })),
  );
  answers.set(key, result);
  return result;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/served') {
    response.end(String(served));
    return;
  }
  served += 1;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const result = await answer(request.url ?? '', Buffer.concat(chunks).toString());
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': result.length });
  response.end(result);
}

const server = createServer((request, response) => {
  serve(request, response).catch((error) => {
    process.stderr.write(`${error}\n`);
    response.writeHead(500).end();
  });
});
server.keepAliveTimeout = 600_000;
server.listen(Number(process.argv[2]), '127.0.0.1');
