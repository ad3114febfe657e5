import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGraph, type TestGraph } from './support/test-graph.ts';

const allowed = 'https://app.example.com';
const foreign = 'https://evil.example.com';

let graph: TestGraph;

beforeAll(async () => {
  graph = await startTestGraph({ allowedOrigins: [allowed, 'http://localhost:*'] });
});

afterAll(() => graph[Symbol.asyncDispose]());

function ask(origin: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${graph.gateway.url}/graphql`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ whoAmI }' }),
  });
}

function preflight(origin: string): Promise<Response> {
  return fetch(`${graph.gateway.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-client-version',
    },
  });
}

const allowedOrigin = ({ headers }: Response) => headers.get('access-control-allow-origin');

describe('a page of an origin on the list', () => {
  it('may send its tokens and headers, and no cookies', async () => {
    const { status, headers } = await preflight(allowed);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(allowed);
    expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type,x-client-version');
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may read the answer, and which request it was', async () => {
    const response = await ask(allowed);
    expect(allowedOrigin(response)).toBe(allowed);
    expect(response.headers.get('access-control-expose-headers')).toContain('x-request-id');
    expect(response.headers.get('vary')).toContain('Origin');
  });

  it.each([
    ['a token that is refused', { authorization: 'Bearer no' }, 401],
    ['an event stream', { accept: 'text/event-stream' }, 200],
  ])('may read %s', async (_what, headers, status) => {
    const response = await ask(allowed, headers);
    expect([response.status, allowedOrigin(response)]).toEqual([status, allowed]);
    await response.body?.cancel();
  });

  it('may be on any port where the list says so', async () => {
    expect(allowedOrigin(await ask('http://localhost:5173'))).toBe('http://localhost:5173');
  });
});

it.each([foreign, 'https://app.example.com.evil.com', 'http://app.example.com', 'null'])(
  'a page of %s is told nothing',
  async (origin) => {
    expect(allowedOrigin(await preflight(origin))).toBeNull();
    expect(allowedOrigin(await ask(origin))).toBeNull();
  },
);

it('without a list only our own pages may call', async () => {
  await using closed = await startTestGraph();
  const response = await fetch(`${closed.gateway.url}/graphql?query={whoAmI}`, {
    headers: { origin: allowed, 'apollo-require-preflight': 'true' },
  });
  expect([response.status, allowedOrigin(response)]).toEqual([200, null]);
});
