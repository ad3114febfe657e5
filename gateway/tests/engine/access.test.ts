import { describe, expect, test } from 'vitest';
import { accessWith, createScripted } from './support/scripted.ts';

const subgraphs = {
  shop: `
    type Query {
      me: User @authenticated
      users: [User!]!
      node: Node
      found: [Found]
      total: Money
    }
    type Mutation { refund(id: ID!): Boolean @requiresScopes(scopes: [["payment:refund"], ["admin"]]) }
    type Subscription { paid: Boolean @authenticated }
    interface Node { id: ID! secret: String }
    type User implements Node @key(fields: "id") {
      id: ID!
      secret: String @authenticated
      email: String @requiresScopes(scopes: [["user:read", "user:email"], ["admin"]])
      code: String! @policy(policies: [["staff"]])
    }
    type Page implements Node { id: ID! secret: String }
    type Vault @authenticated { gold: Int }
    union Found = Page | Vault
    scalar Money @requiresScopes(scopes: [["admin"]])`,
  notes: 'type User @key(fields: "id") { id: ID! notes: [String!] @authenticated }',
};

const data = {
  me: { __typename: 'User', id: '1', secret: 's', email: 'e', code: 'c' },
  users: [
    { __typename: 'User', id: '1', email: 'e', secret: 's', code: 'c' },
    { __typename: 'User', id: '2', email: 'f', secret: 's', code: 'c' },
  ],
  node: { __typename: 'Page', id: '9', secret: 'p' },
  found: [
    { __typename: 'Page', id: '9' },
    { __typename: 'Vault', gold: 7 },
  ],
  total: 12,
  refund: true,
};

function createShop() {
  return createScripted(subgraphs, ({ subgraph }) =>
    subgraph === 'notes' ? { data: { _entities: [{ notes: ['n'] }] } } : { data },
  );
}

describe('access', () => {
  test('a field that asks for a login is null for an anonymous caller, and no subgraph is asked', async () => {
    const shop = createShop();
    expect(await shop.ours('{ me { id } }')).toEqual({
      data: { me: null },
      errors: [
        { message: 'Sign in to see this field', path: ['me'], extensions: { code: 'UNAUTHENTICATED' } },
      ],
    });
    expect(shop.questions).toEqual([]);
  });

  test('a logged-in caller gets it', async () => {
    const { data: answer, errors } = await createShop().ours('{ me { id } }', { access: accessWith() });
    expect([answer, errors]).toEqual([{ me: { id: '1' } }, undefined]);
  });

  test('missing scopes forbid the field at every place, and only that', async () => {
    const shop = createShop();
    const result = await shop.ours('{ users { id email } }', { access: accessWith('user:read') });
    expect(result.data).toEqual({
      users: [
        { id: '1', email: null },
        { id: '2', email: null },
      ],
    });
    expect(result.errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
      [['users', 0, 'email'], { code: 'FORBIDDEN' }],
      [['users', 1, 'email'], { code: 'FORBIDDEN' }],
    ]);
    expect(shop.questions[0]?.query).not.toContain('email');
  });

  test.each([['admin'], ['user:read', 'user:email']])(
    'any complete list of scopes will do: %s %s',
    async (...scopes) => {
      const { data: answer } = await createShop().ours('{ users { email } }', {
        access: accessWith(...scopes),
      });
      expect(answer).toEqual({ users: [{ email: 'e' }, { email: 'f' }] });
    },
  );

  test('operations are compiled per access class: one caller does not open a field for another', async () => {
    const shop = createShop();
    const query = '{ users { email } }';
    await shop.ours(query, { access: accessWith('admin') });
    expect((await shop.ours(query)).data).toEqual({ users: [{ email: null }, { email: null }] });
    expect((await shop.ours(query, { access: accessWith('admin') })).errors).toBeUndefined();
  });

  test('a denied non-null field takes its parent along', async () => {
    const { data: answer, errors } = await createShop().ours('{ me { id code } }', { access: accessWith() });
    expect(answer).toEqual({ me: null });
    expect(errors?.map(({ path }) => path)).toEqual([['me', 'code']]);
  });

  test('a policy counts when the caller holds it', async () => {
    const access = { ...accessWith(), policies: new Set(['staff']) };
    expect((await createShop().ours('{ me { code } }', { access })).data).toEqual({ me: { code: 'c' } });
  });

  test('a field of an interface asks for what any of its types asks for', async () => {
    const { data: answer, errors } = await createShop().ours('{ node { id secret } }');
    expect(answer).toEqual({ node: { id: '9', secret: null } });
    expect(errors?.map(({ path }) => path)).toEqual([['node', 'secret']]);
  });

  test('asked for on a type that leaves it open, it is answered', async () => {
    expect(await createShop().ours('{ node { id ... on Page { secret } } }')).toEqual({
      data: { node: { id: '9', secret: 'p' } },
    });
  });

  test('fragments on a type that asks for a login are filtered where that type turns up', async () => {
    const query = '{ found { ... on Page { id } ...Gold } } fragment Gold on Vault { gold }';
    const { data: answer, errors } = await createShop().ours(query);
    expect(answer).toEqual({ found: [{ id: '9' }, { gold: null }] });
    expect(errors?.map(({ path }) => path)).toEqual([['found', 1, 'gold']]);
  });

  test('a result type can ask as well', async () => {
    expect((await createShop().ours('{ total }', { access: accessWith() })).errors?.[0]?.extensions).toEqual({
      code: 'FORBIDDEN',
    });
  });

  test('what another subgraph contributes is filtered like the rest', async () => {
    const shop = createShop();
    expect((await shop.ours('{ users { id notes } }')).data).toEqual({
      users: [
        { id: '1', notes: null },
        { id: '2', notes: null },
      ],
    });
    expect(shop.questions.map(({ subgraph }) => subgraph)).toEqual(['shop']);
  });

  test('a mutation without the scope does nothing', async () => {
    const shop = createShop();
    const result = await shop.ours('mutation { refund(id: 1) }', { access: accessWith() });
    expect(result.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
    expect(shop.questions).toEqual([]);
  });

  test('a subscription that asks for a login is refused to an anonymous caller', () => {
    const shop = createShop();
    expect(shop.engine.subscribe(shop.request('subscription { paid }'))).toEqual({
      errors: [
        { message: 'Sign in to see this field', path: ['paid'], extensions: { code: 'UNAUTHENTICATED' } },
      ],
    });
  });

  test('a skipped field is not complained about', async () => {
    expect(await createShop().ours('{ __typename me @skip(if: true) { id } }')).toEqual({
      data: { __typename: 'Query' },
    });
  });
});
