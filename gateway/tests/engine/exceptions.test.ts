import { describe, expect, test } from 'vitest';
import { type Answer, createScripted } from './support/scripted.ts';

/** One test for each row of exceptions.md: what the stock executor does, and what we do instead. */
describe('where the engine differs from the stock executor', () => {
  const people = {
    users:
      'type Query { me: User users: [User] } type User implements Node @key(fields: "id") { id: ID! name: String } interface Node { id: ID! }',
    posts: 'type User @key(fields: "id") { id: ID! posts: [Post!] rank: Int! } type Post { title: String }',
  };

  test('1: narrowing by an interface keeps the type of an object that came without __typename', async () => {
    const scripted = createScripted(people, () => ({ data: { me: { id: '1' } } }));
    const query = '{ me { ... on Node { ... on User { id } } } }';
    expect((await scripted.stock(query)).data).toEqual({ me: {} });
    expect(await scripted.ours(query)).toEqual({ data: { me: { id: '1' } } });
  });

  test('2: a fetch that failed is reported at each field that went without', async () => {
    const answer: Answer = ({ subgraph }) => {
      if (subgraph === 'posts') throw new Error('connect ECONNREFUSED');
      return { data: { users: [{ __typename: 'User', id: '1' }, null, { __typename: 'User', id: '2' }] } };
    };
    const scripted = createScripted(people, answer);
    const query = '{ users { id posts { title } } }';
    const stock = await scripted.stock(query);
    const ours = await scripted.ours(query);
    expect(stock.errors.map(({ path }) => path)).toEqual([undefined]);
    expect(ours.data).toEqual(stock.data);
    expect(ours.errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
      [
        ['users', 0, 'posts'],
        { code: 'UPSTREAM_UNAVAILABLE', reason: 'CONNECTION_FAILED', service: 'posts' },
      ],
      [
        ['users', 2, 'posts'],
        { code: 'UPSTREAM_UNAVAILABLE', reason: 'CONNECTION_FAILED', service: 'posts' },
      ],
    ]);
  });

  test('3: an error about no entity in particular is reported at each field that went without', async () => {
    const answer: Answer = ({ subgraph }) =>
      subgraph === 'posts'
        ? { data: null, errors: [{ message: 'nothing works', path: ['_entities'] }] }
        : { data: { users: [{ __typename: 'User', id: '1' }] } };
    const scripted = createScripted(people, answer);
    const query = '{ users { posts { title } } }';
    expect((await scripted.stock(query)).errors.map(({ path }) => path)).toEqual([
      ['users', '@', '_entities'],
    ]);
    expect((await scripted.ours(query)).errors?.map(({ path }) => path)).toEqual([['users', 0, 'posts']]);
  });

  test('4: a null in a non-null place is an error of its own, unless another error explains it', async () => {
    const nothing = { data: { me: { __typename: 'User', id: '1' } } };
    const silent = createScripted(people, ({ subgraph }) =>
      subgraph === 'posts' ? { data: { _entities: [null] } } : nothing,
    );
    const query = '{ me { id rank } }';
    const stock = await silent.stock(query);
    expect([stock.data, stock.errors]).toEqual([{ me: null }, []]);
    expect((await silent.ours(query)).errors).toEqual([
      {
        message: 'Cannot return null for non-nullable User.rank',
        path: ['me', 'rank'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', reason: 'NULL_FOR_NON_NULL' },
      },
    ]);
    const loud = createScripted(people, ({ subgraph }) =>
      subgraph === 'posts'
        ? { data: { _entities: [null] }, errors: [{ message: 'no rank', path: ['_entities', 0, 'rank'] }] }
        : nothing,
    );
    const ours = await loud.ours(query);
    expect([ours.data, ours.errors?.map(({ message }) => message)]).toEqual([{ me: null }, ['no rank']]);
  });

  const media = {
    catalog: `type Query { shelf: [Media] } interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! }`,
    ratings:
      'type Query { best: Media } type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }',
  };

  test('5: an interface object does not take the type away from an entity', async () => {
    const scripted = createScripted(media, ({ subgraph }) =>
      subgraph === 'ratings'
        ? { data: { _entities: [{ __typename: 'Media', stars: 4 }] } }
        : { data: { shelf: [{ __typename: 'Book', id: '1' }] } },
    );
    const query = '{ shelf { __typename stars } }';
    expect((await scripted.stock(query)).data).toEqual({ shelf: [null] });
    expect(await scripted.ours(query)).toEqual({ data: { shelf: [{ __typename: 'Book', stars: 4 }] } });
  });

  test('6: an unknown type is said to be unknown', async () => {
    const scripted = createScripted(media, ({ subgraph }) =>
      subgraph === 'ratings'
        ? { data: { best: { __typename: 'Media', id: '1' } } }
        : { data: { _entities: [null] } },
    );
    const query = '{ best { __typename } }';
    const stock = await scripted.stock(query);
    const ours = await scripted.ours(query);
    expect([stock.data, stock.errors, stock.completions]).toEqual([{ best: null }, [], []]);
    expect(ours.data).toEqual({ best: null });
    expect(ours.errors?.map(({ path, extensions }) => [path, extensions?.reason])).toEqual([
      [['best', '__typename'], 'UNKNOWN_TYPE'],
    ]);
  });

  test('7: an error is numbered by the response when some of a list were not asked for', async () => {
    const subgraphs = {
      search:
        'type Query { found: [Found] } union Found = Page | User type Page { url: String } type User @key(fields: "id") { id: ID! }',
      users: 'type User @key(fields: "id") { id: ID! name: String }',
    };
    const scripted = createScripted(subgraphs, ({ subgraph }) =>
      subgraph === 'users'
        ? {
            data: { _entities: [{ name: null }] },
            errors: [{ message: 'no name', path: ['_entities', 0, 'name'] }],
          }
        : {
            data: {
              found: [
                { __typename: 'Page', url: '/' },
                { __typename: 'User', id: '1' },
              ],
            },
          },
    );
    const query = '{ found { ... on User { name } } }';
    expect((await scripted.stock(query)).errors.map(({ path }) => path)).toEqual([['found', 0, 'name']]);
    expect((await scripted.ours(query)).errors?.map(({ path }) => path)).toEqual([['found', 1, 'name']]);
  });

  test('8: a null does not take back what another subgraph delivered', async () => {
    const subgraphs = {
      first: 'type Query { shop: Shop @shareable } type Shop @shareable { name: String } ',
      second: 'type Query { shop: Shop @shareable } type Shop { city: String }',
    };
    const scripted = createScripted(subgraphs, ({ subgraph }) =>
      subgraph === 'first' ? { data: { shop: { name: 'Corner' } } } : { data: { shop: null } },
    );
    const query = '{ shop { name city } }';
    expect((await scripted.stock(query)).data).toEqual({ shop: null });
    expect(await scripted.ours(query)).toEqual({ data: { shop: { name: 'Corner', city: null } } });
  });

  test('9: values that JavaScript takes for false survive their way back from an alias', async () => {
    const subgraphs = {
      things: `type Query { thing: Thing } interface Thing { id: ID! }
        type Box implements Thing { id: ID! size: Int! } type Bag implements Thing { id: ID! size: Int }`,
    };
    const scripted = createScripted(subgraphs, ({ query }) => {
      const alias = /(\w+):size/.exec(query)?.[1] ?? 'size';
      return { data: { thing: { __typename: 'Bag', [alias]: 0 } } };
    });
    const query = '{ thing { ... on Box { size } ... on Bag { size } } }';
    expect((await scripted.stock(query)).data).toEqual({ thing: { size: null } });
    expect(await scripted.ours(query)).toEqual({ data: { thing: { size: 0 } } });
  });

  test('10: an ID is text and an Int has 32 bits', async () => {
    const subgraphs = { one: 'type Query { id: ID int: Int }' };
    const scripted = createScripted(subgraphs, () => ({ data: { id: 7, int: 3_000_000_000 } }));
    const query = '{ id int }';
    expect((await scripted.stock(query)).data).toEqual({ id: 7, int: 3_000_000_000 });
    const ours = await scripted.ours(query);
    expect(ours.data).toEqual({ id: '7', int: null });
    expect(ours.errors?.map(({ path }) => path)).toEqual([['int']]);
  });
});
