import type { ServedVersions } from '@suvidha/auth';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startTestGraph, type TestGraph } from './support/test-graph.ts';

const served: ServedVersions = {
  app: 'MOBILE',
  platform: 'ANDROID',
  minimumVersion: '2.0',
  recommendedVersion: '2.4',
  downloadUrl: 'https://example.com/app',
};

let graph: TestGraph;

beforeAll(async () => {
  graph = await startTestGraph({ readServedVersions: async () => [served] });
  await vi.waitFor(async () => expect((await ask({ ...android, 'x-client-version': '1' })).status).toBe(403));
});

afterAll(() => graph[Symbol.asyncDispose]());

const android = { 'x-client-app': 'MOBILE', 'x-client-platform': 'ANDROID' };

function ask(headers: Record<string, string>, accept = 'application/json'): Promise<Response> {
  return fetch(`${graph.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: JSON.stringify({ query: '{ whoAmI }' }),
  });
}

describe('a client below the minimum', () => {
  it('is told to change, and where to, and nothing is run', async () => {
    const before = graph.asked.length;
    const response = await ask({ ...android, 'x-client-version': '1.99.9' });
    expect([response.status, await response.json()]).toEqual([
      403,
      {
        errors: [
          {
            message: 'This version of the app is served no more: get a newer one.',
            extensions: {
              code: 'CLIENT_UPGRADE_REQUIRED',
              minimumVersion: '2.0',
              recommendedVersion: '2.4',
              downloadUrl: 'https://example.com/app',
            },
          },
        ],
      },
    ]);
    expect(graph.asked).toHaveLength(before);
  });

  it('gets no event stream either', async () => {
    const response = await ask({ ...android, 'x-client-version': '1' }, 'text/event-stream');
    expect(response.status).toBe(403);
  });

  it('gets no socket', async () => {
    const socket = new WebSocket(
      `${graph.gateway.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      {
        headers: { ...android, 'x-client-version': '1' },
      },
    );
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('403');
  });

  it.each(['', 'new', '1.0.0\u00a0'])('may not hide its version as %j', async (version) => {
    const response = await ask({ ...android, 'x-client-version': version });
    expect(response.status).toBe(403);
  });
});

describe('a client below the recommended version', () => {
  it.each(['application/json', 'text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'])(
    'is served, and told which one that is: %s',
    async (accept) => {
      const response = await ask({ ...android, 'x-client-version': '2.3.9' }, accept);
      expect([response.status, response.headers.get('x-client-recommended-version')]).toEqual([200, '2.4']);
      expect(await response.text()).toContain('{"data":{"whoAmI":"anonymous"}');
    },
  );
});

describe('every other client', () => {
  it.each([
    ['is new enough', { ...android, 'x-client-version': '2.4' }],
    [
      'spells its app in small letters',
      { 'x-client-app': 'mobile', 'x-client-platform': 'android', 'x-client-version': '3' },
    ],
    ['has another platform', { ...android, 'x-client-platform': 'IOS', 'x-client-version': '0.1' }],
    ['says no version', android],
    ['says nothing', {}],
  ])('is served as ever: it %s', async (_which, headers) => {
    const response = await ask(headers);
    expect([response.status, response.headers.get('x-client-recommended-version')]).toEqual([200, null]);
  });
});

it('serves every version while nobody can say which are served', async () => {
  await using own = await startTestGraph({
    readServedVersions: async () => {
      throw new Error('identity is down');
    },
  });
  const response = await fetch(`${own.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...android, 'x-client-version': '0.1' },
    body: JSON.stringify({ query: '{ whoAmI }' }),
  });
  expect(response.status).toBe(200);
});
