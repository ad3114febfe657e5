import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { SubgraphOperation } from '../../src/engine/fetch/subgraph.request.ts';
import { createHttpClient, type HttpClientOptions, type RequestContext } from '../../src/engine/index.ts';

type Handle = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A subgraph over real HTTP and a client for it. */
async function serve(handle: Handle, options: Partial<HttpClientOptions> = {}) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    handle(request, response, Buffer.concat(chunks).toString());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createHttpClient({ url: `http://127.0.0.1:${port}/graphql?x=1`, ...options });
  const question = new SubgraphOperation('query Q($a: Int) { a }', 'Q', 'query').withVariables('{"a":1}');
  return {
    ask: (context: RequestContext = { identityKey: 'x' }) => client.execute(question, context),
    async [Symbol.asyncDispose]() {
      await client.close?.();
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('the HTTP client of a subgraph', () => {
  test('sends the question as GraphQL over HTTP, with the headers it is given', async () => {
    let seen: unknown;
    const headers = ({ forward }: RequestContext) => ({ authorization: String(forward) });
    await using subgraph = await serve(
      ({ url, method, headers: received }, response, body) => {
        const { authorization, 'content-type': type } = received;
        seen = { url, method, authorization, type, body: JSON.parse(body) };
        response.end('{"data":{"a":1}}');
      },
      { headers },
    );
    expect(await subgraph.ask({ identityKey: 'x', forward: 'token' })).toEqual({ data: { a: 1 } });
    expect(seen).toEqual({
      url: '/graphql?x=1',
      method: 'POST',
      authorization: 'token',
      type: 'application/json',
      body: { query: 'query Q($a: Int) { a }', operationName: 'Q', variables: { a: 1 } },
    });
  });

  test('takes a GraphQL answer whatever its status', async () => {
    await using subgraph = await serve((_request, response) => {
      response.writeHead(400).end('{"errors":[{"message":"no"}]}');
    });
    expect(await subgraph.ask()).toEqual({ errors: [{ message: 'no' }] });
  });

  test.each([
    ['BAD_STATUS', 502, '<html>'],
    ['BAD_STATUS', 500, '{"message":"oops"}'],
    ['MALFORMED_RESPONSE', 200, '<html>'],
    ['MALFORMED_RESPONSE', 200, '[]'],
    ['MALFORMED_RESPONSE', 200, '{"data":'],
    ['RESPONSE_TOO_LARGE', 200, `{"data":{"a":"${'x'.repeat(300)}"}}`],
  ])('says %s to status %i with %s', async (reason, status, body) => {
    await using subgraph = await serve(
      (_request, response) => {
        response.writeHead(status).end(body);
      },
      { maxResponseBytes: 200 },
    );
    await expect(subgraph.ask()).rejects.toMatchObject({ name: 'SubgraphUnavailableError', reason });
  });

  test('says CONNECTION_FAILED when the connection breaks within an answer', async () => {
    await using subgraph = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"data":', () => request.socket.destroy());
    });
    await expect(subgraph.ask()).rejects.toMatchObject({ reason: 'CONNECTION_FAILED' });
  });

  test('says CONNECTION_FAILED when nobody listens', async () => {
    const client = createHttpClient({ url: 'http://127.0.0.1:1/graphql' });
    const question = new SubgraphOperation('{ a }', undefined, 'query').withVariables('{}');
    await expect(client.execute(question, { identityKey: 'x' })).rejects.toMatchObject({
      reason: 'CONNECTION_FAILED',
    });
  });

  test('gives up after its time-out and closes the connection to the subgraph', async () => {
    const closed = Promise.withResolvers<void>();
    await using subgraph = await serve(
      (request) => void request.socket.once('close', () => closed.resolve()),
      {
        timeoutMs: 20,
      },
    );
    await expect(subgraph.ask()).rejects.toMatchObject({ reason: 'TIMED_OUT' });
    await closed.promise;
  });

  test('cancels the fetch at the subgraph when the client leaves', async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    await using subgraph = await serve((request) => {
      request.socket.once('close', () => closed.resolve());
      arrived.resolve();
    });
    const leaving = new AbortController();
    const answer = subgraph.ask({ identityKey: 'x', signal: leaving.signal });
    await arrived.promise;
    leaving.abort();
    await expect(answer).rejects.toMatchObject({ reason: 'CANCELLED' });
    await closed.promise;
  });

  test('asks nothing for a client that has left already', async () => {
    let asked = 0;
    await using subgraph = await serve((_request, response) => {
      asked += 1;
      response.end('{"data":{}}');
    });
    await expect(subgraph.ask({ identityKey: 'x', signal: AbortSignal.abort() })).rejects.toMatchObject({
      reason: 'CANCELLED',
    });
    expect(asked).toBe(0);
  });
});
