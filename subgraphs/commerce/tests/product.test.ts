import { anonymous } from '@suvidha/auth';
import { loadConfig } from '@suvidha/config';
import { uuidv7 } from '@suvidha/db';
import type { SubgraphApp } from '@suvidha/subgraph';
import { createTestEnvironment, recordQueries, testDependencies, testIdentity } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoProducts } from '../src/demo.ts';
import { commerceVariables, createCommerceApp } from '../src/index.ts';

let app: SubgraphApp;

beforeAll(async () => {
  const config = loadConfig(commerceVariables, await createTestEnvironment('commerce'));
  app = await createCommerceApp(testDependencies(config));
});

afterAll(() => app.stop());

const execute = (query: string, variables: object = {}) =>
  app.execute({ query, variables: { ...variables } }, testIdentity(anonymous));

const bottle = demoProducts[0];
const shownBottle = {
  id: bottle.id,
  slug: bottle.slug,
  name: bottle.name,
  description: bottle.description,
  price: { amount: '749.00', currencyCode: 'INR' },
  createdAt: '2026-01-05T05:00:00.000Z',
};

const fields = '{ id slug name description price { amount currencyCode } createdAt }';
const byId = `query ($id: ID!) { product(id: $id) ${fields} }`;
const bySlug = `query ($slug: String!) { productBySlug(slug: $slug) ${fields} }`;

describe('product', () => {
  it('is found by its id, by anybody', async () => {
    expect(await execute(byId, { id: bottle.id })).toEqual({ data: { product: shownBottle } });
  });

  it.each([uuidv7(), 'not-a-uuid', '', `{${bottle.id}}`])('is null for the id %j', async (id) => {
    expect(await execute(byId, { id })).toEqual({ data: { product: null } });
  });

  it('is found by its slug, by anybody', async () => {
    expect(await execute(bySlug, { slug: bottle.slug })).toEqual({ data: { productBySlug: shownBottle } });
  });

  it.each(['no-such-thing', '', 'Steel-Water-Bottle', 'zero\u0000byte'])(
    'is null for the slug %j',
    async (slug) => {
      expect(await execute(bySlug, { slug })).toEqual({ data: { productBySlug: null } });
    },
  );
});

describe('products', () => {
  const list = `query ($first: Int! = 20, $after: String) { products(first: $first, after: $after) {
    edges { node { slug } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

  interface Page {
    readonly edges: readonly { readonly node: { readonly slug: string }; readonly cursor: string }[];
    readonly pageInfo: Readonly<Record<string, unknown>>;
  }

  const readPage = async (variables: { first?: number; after?: unknown } = {}) => {
    const { data } = await execute(list, variables);
    return data?.products as Page;
  };

  it('walks the whole catalogue, each product once', async () => {
    const first = await readPage({ first: 5 });
    const second = await readPage({ first: 5, after: first.pageInfo.endCursor });
    const third = await readPage({ first: 5, after: second.pageInfo.endCursor });
    expect([first, second, third].flatMap(({ edges }) => edges.map(({ node }) => node.slug))).toEqual(
      demoProducts.map(({ slug }) => slug),
    );
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('has no next page when it ends exactly with one', async () => {
    const { edges, pageInfo } = await readPage({ first: demoProducts.length });
    expect(edges).toHaveLength(demoProducts.length);
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor,
      endCursor: edges.at(-1)?.cursor,
    });
  });

  it('is empty after the last product', async () => {
    const { pageInfo } = await readPage();
    expect(await readPage({ after: pageInfo.endCursor })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it.each([
    ['first', { first: 0 }],
    ['first', { first: 101 }],
    ['after', { after: 'nonsense' }],
  ])('names %s when it breaks the rule', async (field, variables) => {
    const { data, errors } = await execute(list, variables);
    expect(data).toEqual({ products: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: [field] } }]);
  });
});

describe('reference to a product', () => {
  const entities = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on Product { id slug } } }`;
  const lookUp = (keys: readonly object[]) =>
    execute(entities, { representations: keys.map((key) => ({ __typename: 'Product', ...key })) });

  it('may go by either key, and is null for one that is unknown or malformed', async () => {
    const { id, slug } = bottle;
    expect(
      await lookUp([{ id }, { slug }, { id: uuidv7() }, { id: 'x' }, { slug: 'gone' }, { slug: '\u0000' }]),
    ).toEqual({ data: { _entities: [{ id, slug }, { id, slug }, null, null, null, null] } });
  });

  it.each([
    [
      'ids',
      [...demoProducts.map(({ id }) => ({ id })), ...Array.from({ length: 38 }, () => ({ id: uuidv7() }))],
    ],
    [
      'slugs',
      [
        ...demoProducts.map(({ slug }) => ({ slug })),
        ...Array.from({ length: 38 }, (_, n) => ({ slug: `no-${n}` })),
      ],
    ],
  ])('takes one query for 50 %s', async (_key, keys) => {
    using recorded = recordQueries();
    const { data } = await lookUp(keys);
    expect(data?._entities).toEqual([
      ...demoProducts.map(({ id, slug }) => ({ id, slug })),
      ...Array(38).fill(null),
    ]);
    expect(recorded.statements).toHaveLength(1);
  });
});
