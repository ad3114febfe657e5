import { describe, expect, it, vi } from 'vitest';
import { startTestGraph } from './support/test-graph.ts';

const accept = 'text/event-stream';
const query = 'subscription { userJoined { id rating seenBy } }';

/** Reads a stream until it has said `part`. */
async function readUntil(response: Response, part: string): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes(part)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended with: ${text}`);
    text += value;
  }
  await reader.cancel();
  return text;
}

describe('server-sent events in distinct connections mode', () => {
  it.each(['GET', 'POST'])(
    'streams a subscription by %s and ends its upstream with the connection',
    async (method) => {
      await using graph = await startTestGraph();
      const url = `${graph.gateway.url}/graphql`;
      const headers = { accept, authorization: 'Bearer asha' };
      const opened =
        method === 'GET'
          ? fetch(`${url}?query=${encodeURIComponent(query)}`, { headers })
          : fetch(url, {
              method,
              headers: { ...headers, 'content-type': 'application/json' },
              body: JSON.stringify({ query }),
            });
      const response = await opened;
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      await vi.waitUntil(() => graph.joins.open === 1);
      graph.joins.push('3');
      const text = await readUntil(response, '\n\n');
      expect(text).toBe(
        'event: next\ndata: {"data":{"userJoined":{"id":"3","rating":3,"seenBy":"asha"}}}\n\n',
      );
      await vi.waitUntil(() => graph.joins.open === 0);
    },
  );

  it('answers a query with one event', async () => {
    await using graph = await startTestGraph();
    const response = await fetch(`${graph.gateway.url}/graphql?query=${encodeURIComponent('{ whoAmI }')}`, {
      headers: { accept },
    });
    expect(await response.text()).toBe(
      'event: next\ndata: {"data":{"whoAmI":"anonymous"}}\n\nevent: complete\ndata:\n\n',
    );
  });

  it.each([
    ['text/event-stream', 12_000, ':\n\n'],
    ['multipart/mixed;subscriptionSpec=1.0', 5_000, '{}\r\n--graphql'],
  ])('keeps a quiet stream alive, and tells proxies not to hold it back: %s', async (format, ms, beat) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await using graph = await startTestGraph();
      const response = await fetch(`${graph.gateway.url}/graphql`, {
        method: 'POST',
        headers: { accept: format, 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      expect(response.headers.get('x-accel-buffering')).toBe('no');
      expect(response.headers.get('cache-control')).toContain('no-transform');
      vi.advanceTimersByTime(ms);
      expect(await readUntil(response, beat)).toContain(beat);
    } finally {
      vi.useRealTimers();
    }
  });

  // What urql accepts for a query.
  const jsonFirst = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';

  it.each([
    jsonFirst,
    '*/*, text/event-stream',
    'text/event-stream;q=0.5, application/json',
    `${accept};q=0, */*`,
  ])('are not sent to who rather has one piece, unless only a stream answers: %s', async (accepted) => {
    await using graph = await startTestGraph();
    const ask = (body: object) =>
      fetch(`${graph.gateway.url}/graphql`, {
        method: 'POST',
        headers: { accept: accepted, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const answer = await ask({ query: '{ whoAmI }' });
    expect(answer.headers.get('content-type')).toMatch(/json/);
    expect(await answer.json()).toEqual({ data: { whoAmI: 'anonymous' } });
    const sha256Hash = '0'.repeat(64);
    const persisted = await ask({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    expect(await persisted.json()).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    const stream = await ask({ query });
    expect(stream.headers.get('content-type')).toMatch(
      accepted.includes('q=0,') ? /json/ : /^text\/event-stream/,
    );
    await stream.body?.cancel();
  });

  it('refuses a mutation by GET, a body without a query and a bad token', async () => {
    await using graph = await startTestGraph();
    const url = `${graph.gateway.url}/graphql`;
    const mutation = encodeURIComponent('mutation { rename(name: "x") { id } }');
    const byGet = await fetch(`${url}?query=${mutation}`, { headers: { accept } });
    expect(await byGet.text()).toContain('"code":"BAD_REQUEST"');
    expect((await fetch(`${url}?nothing=1`, { headers: { accept } })).status).toBe(400);
    const forged = await fetch(`${url}?query=${encodeURIComponent(query)}`, {
      headers: { accept, authorization: 'Bearer forged' },
    });
    expect(forged.status).toBe(401);
  });
});
