import { describe, expect, test } from 'vitest';
import type { EngineRequest, RequestContext } from '../../src/engine/index.ts';
import { media } from './fixtures/media.fixture.ts';
import type { Payload } from './support/incremental.ts';
import { type Answer, accessWith, createScripted, type Scripted } from './support/scripted.ts';

const subgraphs = {
  users: `type Query { users: [User!] me: User }
    type Mutation { touch: User }
    type User @key(fields: "id") { id: ID! name: String! email: String @authenticated }`,
  posts: `type Query { latest: [Post] }
    type Post @key(fields: "id") { id: ID! author: User }
    type User @key(fields: "id") { id: ID! posts: [Post!] rank: Int! }`,
};

const user = (id: string) => ({ __typename: 'User', id });

/** Every user has a post by the next user. */
const echo: Answer = ({ variables }) => {
  const representations = variables.representations as { id: string }[] | undefined;
  if (!representations) {
    const me = { ...user('1'), name: 'name 1', email: 'mail 1' };
    return { data: { users: [user('1'), user('2')], me, touch: user('1'), latest: [{ id: '9/' }] } };
  }
  return {
    data: {
      _entities: representations.map(({ id }) => ({
        name: `name ${id}`,
        email: `mail ${id}`,
        posts: [{ __typename: 'Post', id: `${id}/`, author: user(`${id}+`) }],
        author: user(`${id}+`),
        rank: 7,
      })),
    },
  };
};

async function inParts(
  scripted: Scripted,
  source: string,
  more?: Partial<EngineRequest>,
): Promise<Payload[]> {
  const payloads: Payload[] = [];
  await scripted.engine.executeInParts(scripted.request(source, more), (json) =>
    payloads.push(JSON.parse(json)),
  );
  return payloads;
}

/** Answers like `echo`, but lets a subgraph wait for the test. */
function gated(subgraph: string) {
  const gate = Promise.withResolvers<void>();
  const answer: Answer = async (question) => {
    if (question.subgraph === subgraph) await gate.promise;
    return echo(question);
  };
  return { answer, open: gate.resolve };
}

describe('an answer in parts', () => {
  test('begins with what is not deferred, and goes on for each element of a list', async () => {
    const { answer, open } = gated('posts');
    const scripted = createScripted(subgraphs, answer);
    const payloads: Payload[] = [];
    const began = Promise.withResolvers<void>();
    const running = scripted.engine.executeInParts(
      scripted.request('{ users { id ... @defer(label: "more") { posts { id } } } }'),
      (json) => {
        payloads.push(JSON.parse(json));
        began.resolve();
      },
    );
    await began.promise;
    expect(payloads).toEqual([{ data: { users: [{ id: '1' }, { id: '2' }] }, hasNext: true }]);
    open();
    await running;
    expect(payloads.slice(1)).toEqual([
      {
        incremental: ['1', '2'].map((id, index) => ({
          label: 'more',
          path: ['users', index],
          data: { posts: [{ id: `${id}/` }] },
        })),
        hasNext: false,
      },
    ]);
  });

  test('delivers a part within a part after it, at every object of it', async () => {
    const scripted = createScripted(subgraphs, echo);
    const payloads = await inParts(
      scripted,
      '{ users { ... @defer(label: "a") { posts { id ...P @defer(label: "b") } } } } fragment P on Post { author { name } }',
    );
    expect(
      payloads.flatMap(({ incremental = [] }) =>
        incremental.map(({ label, path }) => [label, path.join('.')]),
      ),
    ).toEqual([
      ['a', 'users.0'],
      ['a', 'users.1'],
      ['b', 'users.0.posts.0'],
      ['b', 'users.1.posts.0'],
    ]);
    expect(payloads.at(-1)?.incremental?.[1]?.data).toEqual({ author: { name: 'name 2/+' } });
  });

  test('delivers a part whose fetches are there before those of another', async () => {
    const { answer, open } = gated('posts');
    const scripted = createScripted(subgraphs, answer);
    const labels: unknown[] = [];
    await scripted.engine.executeInParts(
      scripted.request(
        '{ me { id ... @defer(label: "slow") { posts { id } } ... @defer(label: "fast") { name } } }',
      ),
      (json) => {
        const { incremental = [] }: Payload = JSON.parse(json);
        labels.push(...incremental.map(({ label }) => label));
        if (labels.length === 1) open();
      },
    );
    expect(labels).toEqual(['fast', 'slow']);
  });

  test('is one piece when nothing is deferred, or a condition says so', async () => {
    const scripted = createScripted(subgraphs, echo);
    const ask = (source: string, variables = {}) => inParts(scripted, source, { variables });
    expect(await ask('{ me { id } }')).toEqual([]);
    expect(await ask('{ me { id ... @defer(if: false) { name } } }')).toEqual([]);
    const conditional = 'query ($x: Boolean!) { me { id ... @defer(if: $x) { name } } }';
    expect(await ask(conditional, { x: false })).toEqual([]);
    expect(await ask(conditional, { x: true })).toHaveLength(2);
    expect(await ask(conditional, { x: 'no Boolean' })).toEqual([]);
    const whole = await scripted.ours(conditional, { variables: { x: true } });
    expect(whole).toEqual({ data: { me: { id: '1', name: 'name 1' } } });
  });

  test('is one piece where the planner cannot defer', async () => {
    const required = createScripted(
      {
        users: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String email: String }',
        posts: `type User @key(fields: "id") { id: ID! email: String @external rank: Int @requires(fields: "email") last: Post }
          type Post @key(fields: "id") { id: ID! author: User }`,
      },
      echo,
    );
    expect(await inParts(required, '{ me { ... @defer { last { author { name rank } } } } }')).toEqual([]);
    const withInterfaceObject = createScripted(media.subgraphs, echo);
    expect(await inParts(withInterfaceObject, '{ library { id ... @defer { title } } }')).toEqual([]);
  });

  test('leaves out what @skip and @include leave out', async () => {
    const scripted = createScripted(subgraphs, echo);
    const source = `query ($x: Boolean!) {
      me { id ... @defer(label: "a") @include(if: $x) { name } ... @defer(label: "b") { rank @skip(if: $x) } }
    }`;
    const told = async (x: boolean) =>
      (await inParts(scripted, source, { variables: { x } })).flatMap(({ incremental = [] }) =>
        incremental.map(({ label, data }) => [label, data]),
      );
    expect((await told(true)).sort()).toEqual([
      ['a', { name: 'name 1' }],
      ['b', {}],
    ]);
    expect(await told(false)).toEqual([['b', { rank: 7 }]]);
  });

  test('keeps a null in a non-null place within its part, with the error', async () => {
    const scripted = createScripted(subgraphs, (question) => {
      if (question.subgraph !== 'posts') return echo(question);
      return {
        data: { _entities: [null, { rank: 3 }] },
        errors: [{ message: 'lost', path: ['_entities', 0, 'rank'] }],
      };
    });
    expect(await inParts(scripted, '{ users { id ... @defer { rank } } }')).toEqual([
      { data: { users: [{ id: '1' }, { id: '2' }] }, hasNext: true },
      {
        incremental: [
          {
            path: ['users', 0],
            data: null,
            errors: [
              {
                message: 'lost',
                path: ['users', 0, 'rank'],
                extensions: { code: 'INTERNAL_SERVER_ERROR', service: 'posts' },
              },
            ],
          },
          { path: ['users', 1], data: { rank: 3 } },
        ],
        hasNext: false,
      },
    ]);
  });

  test('defers nothing of an object that is null, and ends', async () => {
    const scripted = createScripted(subgraphs, () => ({ data: { me: null } }));
    expect(await inParts(scripted, '{ me { id ... @defer { rank } } }')).toEqual([
      { data: { me: null }, hasNext: false },
    ]);
    expect(scripted.questions).toHaveLength(1);
  });

  test('denies within a deferred part what a caller may not see, without asking for it', async () => {
    const scripted = createScripted(subgraphs, echo);
    const source = '{ me { id ... @defer { email } } }';
    const [, denied] = await inParts(scripted, source);
    expect(denied?.incremental?.[0]).toMatchObject({
      data: { email: null },
      errors: [{ path: ['me', 'email'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(scripted.questions.some(({ query }) => query.includes('email'))).toBe(false);
    const [, allowed] = await inParts(scripted, source, { access: accessWith() });
    expect(allowed?.incremental?.[0]?.data).toEqual({ email: 'mail 1' });
  });

  test('answers introspection in a deferred part', async () => {
    const scripted = createScripted(subgraphs, echo);
    const [, second] = await inParts(scripted, '{ me { id } ... @defer { __type(name: "Post") { kind } } }');
    expect(second?.incremental).toEqual([{ path: [], data: { __type: { kind: 'OBJECT' } } }]);
  });

  test('runs the root fields of a mutation first, in one piece', async () => {
    const scripted = createScripted(subgraphs, echo);
    expect(await inParts(scripted, 'mutation { ... @defer { touch { id } } }')).toEqual([]);
    const payloads = await inParts(scripted, 'mutation { touch { id ... @defer { rank } } }');
    expect(payloads).toEqual([
      { data: { touch: { id: '1' } }, hasNext: true },
      { incremental: [{ path: ['touch'], data: { rank: 7 } }], hasNext: false },
    ]);
  });

  test('gives up at its deadline with what it has', async () => {
    const scripted = createScripted(subgraphs, gated('posts').answer);
    const context: RequestContext = { identityKey: 'x', deadlineAt: Date.now() + 50 };
    const [first, second] = await inParts(scripted, '{ me { id ... @defer { posts { id } } } }', { context });
    expect(first).toEqual({ data: { me: { id: '1' } }, hasNext: true });
    expect(second).toMatchObject({
      incremental: [
        {
          data: { posts: null },
          errors: [{ path: ['me', 'posts'], extensions: { reason: 'TIMED_OUT' } }],
        },
      ],
      hasNext: false,
    });
  });

  test('stops when the client leaves: nothing more is delivered, and the run ends', async () => {
    const scripted = createScripted(subgraphs, gated('posts').answer);
    const leaving = new AbortController();
    const payloads: string[] = [];
    await scripted.engine.executeInParts(
      scripted.request('{ me { id ... @defer { posts { id } } } }', {
        context: { identityKey: 'x', signal: leaving.signal },
      }),
      (json) => {
        payloads.push(json);
        leaving.abort();
      },
    );
    expect(payloads).toHaveLength(1);
  });

  test('asks once for what a part and the rest both need of an entity', async () => {
    const scripted = createScripted(subgraphs, echo);
    await inParts(scripted, '{ users { posts { id } } me { id ... @defer { posts { id } } } }');
    const asked = scripted.questions.flatMap(({ subgraph, variables }) =>
      subgraph === 'posts' ? [variables.representations] : [],
    );
    expect(asked.flat()).toHaveLength(2);
  });
});
