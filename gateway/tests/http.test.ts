import { describe, expect, it } from 'vitest';
import { post } from './support/http.ts';
import { startTestGraph } from './support/test-graph.ts';

describe('queries and mutations over HTTP', () => {
  it('plans over subgraphs and merges what they answer', async () => {
    await using graph = await startTestGraph();
    const { status, body } = await post(graph.gateway.url, { query: '{ users { id name rating } }' });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        users: [
          { id: '1', name: 'one', rating: 1 },
          { id: '2', name: 'two', rating: 2 },
        ],
      },
    });
  });

  it('runs mutations, and refuses them by GET', async () => {
    await using graph = await startTestGraph();
    const mutation = 'mutation { rename(name: "three") { name } }';
    expect((await post(graph.gateway.url, { query: mutation })).body.data).toEqual({
      rename: { name: 'three' },
    });
    const byGet = await fetch(`${graph.gateway.url}/graphql?query=${encodeURIComponent(mutation)}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(byGet.status).toBe(405);
  });

  it.each(['application/json', 'application/json;q=0.9, */*'])(
    'runs a mutation once, asked for as %s',
    async (accept) => {
      await using graph = await startTestGraph();
      const response = await fetch(`${graph.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query: 'mutation { rename(name: "three") { name } }' }),
      });
      expect(await response.json()).toEqual({ data: { rename: { name: 'three' } } });
      // Whatever a fault in answering would run again runs before the next request is answered.
      await post(graph.gateway.url, { query: '{ whoAmI }' });
      expect(graph.asked.filter((query) => query.includes('rename'))).toHaveLength(1);
    },
  );

  it('nulls what a dead subgraph would have brought, and nothing else', async () => {
    await using graph = await startTestGraph();
    graph.breakReviews();
    const { body } = await post(graph.gateway.url, { query: '{ users { id rating } whoAmI }' });
    expect(body.data).toEqual({
      users: [
        { id: '1', rating: null },
        { id: '2', rating: null },
      ],
      whoAmI: 'anonymous',
    });
    expect(body.errors?.[0]).toMatchObject({
      path: ['users', 0, 'rating'],
      extensions: { code: 'UPSTREAM_UNAVAILABLE', service: 'reviews' },
    });
    const ready = await fetch(`${graph.gateway.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ dependencies: { accounts: true, reviews: false } });
  });
});

describe('who asks', () => {
  it('is nobody without a token, somebody with one', async () => {
    await using graph = await startTestGraph();
    const anonymous = await post(graph.gateway.url, { query: '{ whoAmI users { seenBy } }' });
    expect(anonymous.body.data).toMatchObject({ whoAmI: 'anonymous', users: [{ seenBy: 'anonymous' }, {}] });
    const known = await post(graph.gateway.url, {
      query: '{ whoAmI users { seenBy } secret }',
      authorization: 'Bearer asha',
    });
    expect(known.body.data).toMatchObject({
      whoAmI: 'asha',
      users: [{ seenBy: 'asha' }, {}],
      secret: 'for your eyes only',
    });
  });

  it.each(['Bearer forged', 'asha', 'Basic YTpi', 'Bearer '])(
    'is refused with "%s"',
    async (authorization) => {
      await using graph = await startTestGraph();
      const { status, body } = await post(graph.gateway.url, { query: '{ whoAmI }', authorization });
      expect(status).toBe(401);
      expect(body.errors).toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' } },
      ]);
      expect(JSON.stringify(body)).not.toContain('forged');
    },
  );

  it('gets null and an error for what needs a login', async () => {
    await using graph = await startTestGraph();
    const { body } = await post(graph.gateway.url, { query: '{ secret whoAmI }' });
    expect(body.data).toEqual({ secret: null, whoAmI: 'anonymous' });
    expect(body.errors).toMatchObject([{ path: ['secret'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('bad input', () => {
  it.each([
    ['a literal', '{ call(input: { phoneNumber: "12-canary-34", times: "canary" }) }', undefined],
    [
      'a variable',
      'query ($i: CallInput!) { call(input: $i) }',
      { i: { phoneNumber: '+91', times: 'canary' } },
    ],
  ])('names the field and the rule and never the value: %s', async (_case, query, variables) => {
    await using graph = await startTestGraph();
    const { status, body } = await post(graph.gateway.url, { query, ...(variables && { variables }) });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: expect.arrayContaining(['times']),
    });
    expect(body.errors?.[0]?.message).toMatch(/times/);
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it.each([
    ['no GraphQL', '{ users {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nobody }', 'GRAPHQL_VALIDATION_FAILED'],
    ['too many tokens', `{ ${'whoAmI '.repeat(10_001)} }`, 'GRAPHQL_PARSE_FAILED'],
  ])('has a stable code: %s', async (_case, query, code) => {
    await using graph = await startTestGraph();
    const { status, body } = await post(graph.gateway.url, { query });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code } }]);
  });

  it.each([
    [
      'too deep',
      `{ users { ${'... on User { id '.repeat(5)} ${'}'.repeat(5)} } __schema { ${'types { fields { type { '.repeat(11)} name ${'} } }'.repeat(11)} } }`,
    ],
    [
      'too many fields',
      `{ ${'...a '.repeat(80)} } fragment a on Query { ${'...b '.repeat(80)} } fragment b on Query { whoAmI }`,
    ],
    [
      'too many fields at the root',
      `{ ${Array.from({ length: 101 }, (_, i) => `f${i}: whoAmI`).join(' ')} }`,
    ],
  ])('is refused when the operation is too large: %s', async (_case, query) => {
    await using graph = await startTestGraph();
    const { status, body } = await post(graph.gateway.url, { query });
    expect(status).toBe(400);
    expect(body.errors).toContainEqual(
      expect.objectContaining({ extensions: { code: 'OPERATION_TOO_LARGE' } }),
    );
  });

  it('is refused when it is too large', async () => {
    await using graph = await startTestGraph();
    const { status, body } = await post(graph.gateway.url, { query: `# ${'x'.repeat(1_100_000)}` });
    expect(status).toBe(413);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });

  it('leaks nothing of a fault, and names the request', async () => {
    await using graph = await startTestGraph();
    const { headers, body } = await post(graph.gateway.url, { query: '{ broken whoAmI }' });
    expect(body.data).toEqual({ broken: null, whoAmI: 'anonymous' });
    expect(body.errors).toMatchObject([{ path: ['broken'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('pages', () => {
  it('serves the explorer whole, without anything from elsewhere', async () => {
    await using graph = await startTestGraph();
    const response = await fetch(`${graph.gateway.url}/explorer`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)="https?:/);
  });
});
