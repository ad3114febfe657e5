import { describe, expect, test } from 'vitest';
import type { RequestContext } from '../../src/engine/index.ts';
import { type Answer, createScripted } from './support/scripted.ts';

const subgraphs = {
  users: `type Query { users: [User!] me: User again: User }
    type Mutation { touch: User retouch: User }
    type Subscription { changed: User }
    type User @key(fields: "id") { id: ID! name(short: Boolean): String }`,
  posts: `type Query { latest: [Post] } type Mutation { wipe: Boolean }
    type Post @key(fields: "id") { id: ID! author: User reply: Post }
    type User @key(fields: "id") { id: ID! posts(first: Int): [Post!] best: Post }`,
};

function user(id: string) {
  return { __typename: 'User', id };
}

/** Answers entity questions by naming what was asked for. */
const echo: Answer = ({ subgraph, query, variables }) => {
  if (subgraph === 'users' && !variables.representations) {
    return {
      data: {
        users: [user('1'), user('2'), user('1')],
        me: user('1'),
        again: user('1'),
        touch: user('1'),
        retouch: user('1'),
      },
    };
  }
  const representations = variables.representations as { id: string }[];
  const first = /first:(\d)/.exec(query)?.[1] ?? '';
  const short = /short:\w+/.exec(query)?.[0].replace(':', ': ');
  return {
    data: {
      _entities: representations.map(({ id }) =>
        subgraph === 'users'
          ? { name: short ? `name ${id}, ${short}` : `name ${id}` }
          : {
              posts: [{ id: `${id}/${first}`, author: user(id) }],
              best: { id: `best ${id}`, author: user(id) },
            },
      ),
    },
  };
};

function entityQuestions(questions: readonly { subgraph: string; variables: Record<string, unknown> }[]) {
  return questions
    .filter(({ variables }) => variables.representations)
    .map(({ subgraph, variables }) => [
      subgraph,
      (variables.representations as { id: string }[]).map(({ id }) => id),
    ]);
}

describe('a run', () => {
  test('asks for each entity once, and answers everywhere it occurs', async () => {
    const scripted = createScripted(subgraphs, echo);
    const result = await scripted.ours('{ users { posts { id } } }');
    const postsOf = (id: string) => ({ posts: [{ id: `${id}/` }] });
    expect(result).toEqual({ data: { users: [postsOf('1'), postsOf('2'), postsOf('1')] } });
    expect(entityQuestions(scripted.questions)).toEqual([['posts', ['1', '2']]]);
  });

  test('does not ask again for an entity that another part of the plan asks for alike', async () => {
    const scripted = createScripted(subgraphs, echo);
    const result = await scripted.ours(
      '{ me { posts { id author { name } } } again { posts { id author { name } } } }',
    );
    const expected = { posts: [{ id: '1/', author: { name: 'name 1' } }] };
    expect(result).toEqual({ data: { me: expected, again: expected } });
    expect(entityQuestions(scripted.questions)).toEqual([
      ['posts', ['1']],
      ['users', ['1']],
    ]);
  });

  test('keeps the parts of an entity apart where the operation asks differently further down', async () => {
    const scripted = createScripted(subgraphs, echo);
    const query = `{
      me { best { author { name(short: true) } } }
      again { best { author { name(short: false) } } }
    }`;
    expect(await scripted.ours(query)).toEqual({
      data: {
        me: { best: { author: { name: 'name 1, short: true' } } },
        again: { best: { author: { name: 'name 1, short: false' } } },
      },
    });
    expect(entityQuestions(scripted.questions)).toEqual([
      ['posts', ['1']],
      ['users', ['1']],
      ['users', ['1']],
    ]);
  });

  test('asks again after each step of a mutation, for the step may have changed the answer', async () => {
    const scripted = createScripted(subgraphs, echo);
    await scripted.ours('mutation { touch { posts { id } } wipe retouch { posts { id } } }');
    expect(entityQuestions(scripted.questions).filter(([subgraph]) => subgraph === 'posts')).toEqual([
      ['posts', ['1']],
      ['posts', ['1']],
    ]);
  });

  test('writes the same response as JSON text, parts in several places included', async () => {
    const scripted = createScripted(subgraphs, echo);
    const request = scripted.request('{ users { posts { id author { name } } } }');
    const text = await scripted.engine.executeToJson(request);
    expect(JSON.parse(text!)).toEqual(await scripted.ours(request.source));
  });

  test('shares identical queries in flight within one identity only', async () => {
    const gate = Promise.withResolvers<void>();
    const scripted = createScripted({ one: 'type Query { a: [String] }' }, async () => {
      await gate.promise;
      return { data: { a: ['x'] } };
    });
    const ask = (identityKey: string) => scripted.ours('{ a }', { context: { identityKey } });
    const answers = [ask('alice'), ask('alice'), ask('bob')];
    gate.resolve();
    expect(await Promise.all(answers)).toEqual([
      { data: { a: ['x'] } },
      { data: { a: ['x'] } },
      { data: { a: ['x'] } },
    ]);
    expect(scripted.questions.length).toBe(2);
  });

  test('answers identical queries in flight of one identity with one text', async () => {
    const gate = Promise.withResolvers<void>();
    const scripted = createScripted({ one: 'type Query { a(n: Int): [String] }' }, async ({ variables }) => {
      await gate.promise;
      return { data: { a: [`x${variables.n}`] } };
    });
    const ask = (identityKey: string, n: number) =>
      scripted.engine.executeToJson(
        scripted.request('query ($n: Int) { a(n: $n) }', { variables: { n }, context: { identityKey } }),
      );
    const answers = [ask('alice', 1), ask('alice', 1), ask('alice', 2), ask('bob', 1)];
    gate.resolve();
    expect(await Promise.all(answers)).toEqual(
      ['x1', 'x1', 'x2', 'x1'].map((x) => `{"data":{"a":["${x}"]}}`),
    );
    expect(scripted.questions.length).toBe(3);
  });

  test('does not join what began before a mutation ended', async () => {
    const gate = Promise.withResolvers<void>();
    let stored = 1;
    const subgraph = { one: 'type Query { a: Int } type Mutation { set: Int }' };
    const scripted = createScripted(subgraph, async ({ query }) => {
      if (query.startsWith('mutation')) return { data: { set: ++stored } };
      const answer = { data: { a: stored } };
      if (stored === 1) await gate.promise;
      return answer;
    });
    const ask = (source: string) => scripted.engine.executeToJson(scripted.request(source));
    const before = ask('{ a }');
    await ask('mutation { set }');
    expect(await ask('{ a }')).toBe('{"data":{"a":2}}');
    gate.resolve();
    expect(await before).toBe('{"data":{"a":1}}');
  });

  test('keeps what it has at its deadline, also as JSON', async () => {
    const never = new Promise<never>(() => undefined);
    const scripted = createScripted(subgraphs, (question) =>
      question.subgraph === 'posts' ? never : echo(question),
    );
    const context: RequestContext = { identityKey: 'x', deadlineAt: Date.now() + 30 };
    const text = await scripted.engine.executeToJson(
      scripted.request('{ me { id posts { id } } }', { context }),
    );
    expect(JSON.parse(text!).data).toEqual({ me: { id: '1', posts: null } });
  });

  test('never shares a mutation', async () => {
    const scripted = createScripted({ one: 'type Query { a: Int } type Mutation { add: Int }' }, () => ({
      data: { add: 1 },
    }));
    await Promise.all([scripted.ours('mutation { add }'), scripted.ours('mutation { add }')]);
    expect(scripted.questions.length).toBe(2);
  });

  test('stops waiting when the client leaves, without taking the fetch from others who share it', async () => {
    const gate = Promise.withResolvers<void>();
    const scripted = createScripted({ one: 'type Query { a: Int }' }, async () => {
      await gate.promise;
      return { data: { a: 1 } };
    });
    const leaving = new AbortController();
    const left = scripted.ours('{ a }', { context: { identityKey: 'x', signal: leaving.signal } });
    const stays = scripted.ours('{ a }', { context: { identityKey: 'x' } });
    leaving.abort();
    expect((await left).errors?.[0]?.extensions).toMatchObject({ reason: 'CANCELLED' });
    gate.resolve();
    expect(await stays).toEqual({ data: { a: 1 } });
  });

  test('gives up at its deadline with what it has', async () => {
    const never = new Promise<never>(() => undefined);
    const scripted = createScripted(subgraphs, (question) =>
      question.subgraph === 'posts' ? never : echo(question),
    );
    const context: RequestContext = { identityKey: 'x', deadlineAt: Date.now() + 30 };
    const result = await scripted.ours('{ me { id posts { id } } }', { context });
    expect(result.data).toEqual({ me: { id: '1', posts: null } });
    expect(
      result.errors?.map(({ path, extensions }) => [path, extensions?.code, extensions?.reason]),
    ).toEqual([[['me', 'posts'], 'UPSTREAM_UNAVAILABLE', 'TIMED_OUT']]);
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['data of another kind', { data: 'text' }],
    ['too few entities', { data: { _entities: [] } }],
    ['entities that are none', { data: { _entities: ['x'] } }],
    ['errors that are none', { data: { _entities: [null] }, errors: 'broken' }],
  ])('survives a subgraph that answers with %s', async (_name, answer) => {
    const scripted = createScripted(subgraphs, (question) =>
      question.subgraph === 'posts' ? (answer as object) : echo(question),
    );
    expect((await scripted.ours('{ me { id posts { id } } }')).data).toEqual({
      me: { id: '1', posts: null },
    });
  });

  test('refuses variables that do not fit, without repeating their values', async () => {
    const scripted = createScripted(subgraphs, echo);
    const result = await scripted.ours('query ($n: Int) { me { posts(first: $n) { id } } }', {
      variables: { n: 's3cret' },
    });
    expect(result.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(JSON.stringify(result)).not.toContain('s3cret');
    expect(scripted.questions).toEqual([]);
  });

  test('says which operation it cannot choose', async () => {
    const scripted = createScripted(subgraphs, echo);
    const result = await scripted.ours('query A { me { id } } query B { me { id } }');
    expect(result.errors?.[0]?.extensions).toEqual({ code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(
      (await scripted.ours('query A { me { id } } query B { again { id } }', { operationName: 'B' })).data,
    ).toEqual({
      again: { id: '1' },
    });
  });

  test('answers introspection itself, with variables and beside data', async () => {
    const scripted = createScripted(subgraphs, echo);
    const query =
      'query ($name: String!) { type: __type(name: $name) { ...T } me { id } } fragment T on __Type { name kind }';
    expect(await scripted.ours(query, { variables: { name: 'User' } })).toEqual({
      data: { type: { name: 'User', kind: 'OBJECT' }, me: { id: '1' } },
    });
  });

  test('completes an event of a subscription from other subgraphs', async () => {
    const scripted = createScripted(subgraphs, echo);
    const subscription = scripted.engine.subscribe(
      scripted.request('subscription { changed { id posts { id } } }'),
    );
    if ('errors' in subscription) throw new Error('refused');
    expect([subscription.subgraph, subscription.request.operationKind]).toEqual(['users', 'subscription']);
    const context = { identityKey: 'x' };
    const complete = async (event: object) => JSON.parse(await subscription.executeEvent(event, context));
    expect(await complete({ data: { changed: user('5') } })).toEqual({
      data: { changed: { id: '5', posts: [{ id: '5/' }] } },
    });
    const failed = await complete({ data: null, errors: [{ message: 'lost' }] });
    expect([failed.data, failed.errors?.map(({ path }: { path: unknown }) => path)]).toEqual([
      { changed: null },
      [['changed']],
    ]);
  });
});
