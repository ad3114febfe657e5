import { request as httpRequest } from 'node:http';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { post } from './support/http.ts';
import { startTestGraph } from './support/test-graph.ts';

const query = '{ users { id ... @defer(label: "ratings") { rating } } }';
const users = [{ id: '1' }, { id: '2' }];
const increments = [
  { label: 'ratings', path: ['users', 0], data: { rating: 1 } },
  { label: 'ratings', path: ['users', 1], data: { rating: 2 } },
];
const first = { data: { users }, hasNext: true };
const second = { incremental: increments, hasNext: false };
const whole = { data: { users: users.map(({ id }) => ({ id, rating: Number(id) })) } };

const accept = 'multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9';

function ask(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: JSON.stringify(body),
  });
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

describe('@defer over HTTP', () => {
  it('sends each part as soon as it is there, as a part of a multipart body', async () => {
    await using graph = await startTestGraph();
    const release = graph.holdReviews();
    const response = await ask(graph.gateway.url, { query });
    expect(response.headers.get('content-type')).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.endsWith('}\r\n---')) text += (await reader.read()).value;
    const head = '\r\ncontent-type: application/json; charset=utf-8\r\n\r\n';
    expect(text).toBe(`\r\n---${head}${JSON.stringify(first)}\r\n---`);
    release();
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    expect(text).toBe(
      `\r\n---${head}${JSON.stringify(first)}\r\n---${head}${JSON.stringify(second)}\r\n-----\r\n`,
    );
  });

  it('answers in one piece whoever does not accept parts', async () => {
    await using graph = await startTestGraph();
    for (const other of ['*/*', 'application/json', 'multipart/mixed, application/json']) {
      const response = await ask(graph.gateway.url, { query }, { accept: other });
      expect(await response.json()).toEqual(whole);
    }
  });

  it.each([
    ['nothing is deferred', '{ users { id } }'],
    ['the condition does not hold', '{ users { id ... @defer(if: false) { name } } }'],
    ['the operation is not valid', '{ users { id ... @defer { nobody } } }'],
    ['there is nothing to run', 'query A { users { id } } query B { ratings }'],
  ])('answers as always when %s', async (_case, text) => {
    await using graph = await startTestGraph();
    const asked = await ask(graph.gateway.url, { query: text });
    const plain = await ask(
      graph.gateway.url,
      { query: text },
      { accept: accept.slice(accept.indexOf(',') + 1) },
    );
    expect(asked.headers.get('content-type')).toMatch(/^application\/graphql-response\+json/);
    expect([asked.status, await asked.text()]).toEqual([plain.status, await plain.text()]);
  });

  it('knows who asks, also in deferred parts', async () => {
    await using graph = await startTestGraph();
    const text = '{ whoAmI ... @defer { secret } users { ... @defer { seenBy } } }';
    const known = await (
      await ask(graph.gateway.url, { query: text }, { authorization: 'Bearer asha' })
    ).text();
    expect(known).toContain('"secret":"for your eyes only"');
    expect(known).toContain('"seenBy":"asha"');
    const unknown = await (await ask(graph.gateway.url, { query: text })).text();
    expect(unknown).toContain('"code":"UNAUTHENTICATED"');
    expect(unknown).toContain('"secret":null');
  });

  it('gives up what a client waits for no longer', async () => {
    await using graph = await startTestGraph();
    graph.holdReviews();
    const sent = httpRequest(`${graph.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
    });
    const answered = Promise.withResolvers<void>();
    sent.on('response', (response) => response.once('data', () => answered.resolve()));
    sent.on('error', () => undefined);
    sent.end(JSON.stringify({ query }));
    await answered.promise;
    sent.destroy();
    expect(await graph.givenUp).toBe('reviews');
  });

  it('is in the schema', async () => {
    await using graph = await startTestGraph();
    const { body } = await post(graph.gateway.url, {
      query: '{ __schema { directives { name locations args { name } } } }',
    });
    expect(body.data).toHaveProperty(
      '__schema.directives',
      expect.arrayContaining([
        {
          name: 'defer',
          locations: ['FRAGMENT_SPREAD', 'INLINE_FRAGMENT'],
          args: [{ name: 'label' }, { name: 'if' }],
        },
      ]),
    );
  });
});

describe('@defer over other transports', () => {
  it('comes as several messages over WebSocket', async () => {
    await using graph = await startTestGraph();
    const client = createClient({
      url: `${graph.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const messages = await collect(client.iterate({ query }));
    expect(messages).toEqual([first, second]);
    await client.dispose();
  });

  it('comes as several events over SSE', async () => {
    await using graph = await startTestGraph();
    const client = createSseClient({ url: `${graph.gateway.url}/graphql` });
    expect(await collect(client.iterate({ query }))).toEqual([first, second]);
    client.dispose();
  });
});

describe('Apollo Client', () => {
  it('reads deferred parts', async () => {
    await using graph = await startTestGraph();
    const client = new ApolloClient({
      link: new HttpLink({ uri: `${graph.gateway.url}/graphql` }),
      cache: new InMemoryCache(),
      incrementalHandler: new Defer20220824Handler(),
    });
    const release = graph.holdReviews();
    const seen: unknown[] = [];
    const over = Promise.withResolvers<void>();
    client.watchQuery({ query: gql(query) }).subscribe(({ data, dataState }) => {
      if (data === undefined) return;
      seen.push(JSON.parse(JSON.stringify(data)));
      if (dataState === 'complete') over.resolve();
      else release();
    });
    await over.promise;
    const known = (user: object) => ({ __typename: 'User', ...user });
    expect(seen).toEqual([{ users: users.map(known) }, { users: whole.data.users.map(known) }]);
    client.stop();
  });
});
