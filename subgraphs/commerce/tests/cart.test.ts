import { type Actor, anonymous, Role } from '@suvidha/auth';
import { loadConfig } from '@suvidha/config';
import { createPool, uuidv7 } from '@suvidha/db';
import { demoPeople } from '@suvidha/demo';
import type { SubgraphApp } from '@suvidha/subgraph';
import {
  createTestEnvironment,
  recordQueries,
  testActor,
  testDependencies,
  testIdentity,
} from '@suvidha/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDb } from '../src/db.ts';
import { demoCart, demoProducts } from '../src/demo.ts';
import type { PrismaClient } from '../src/generated/prisma/client.ts';
import { type CommerceConfig, commerceVariables, createCommerceApp } from '../src/index.ts';

let config: CommerceConfig;
let app: SubgraphApp;
let pool: Pool;
let db: PrismaClient;

beforeAll(async () => {
  config = loadConfig(commerceVariables, await createTestEnvironment('commerce'));
  app = await createCommerceApp(testDependencies(config));
  pool = createPool(config.database.url, { applicationName: 'test', max: 2 });
  db = createDb(pool);
});

afterAll(async () => {
  await pool.end();
  await app.stop();
});

const customer = testActor({ userId: demoPeople.customer.id });
const stranger = testActor();
const admin = testActor({ roles: [Role.OPERATOR, Role.ADMIN] });
const service: Actor = { kind: 'service', service: 'payments' };

const resolve = (actor: Actor, selection: string, representations: readonly object[]) => {
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ${selection} } }`;
  return app.execute({ query, variables: { representations } }, testIdentity(actor));
};

const userRepresentation = (id: string) => ({ __typename: 'User', id });
const cartRepresentation = (id: string) => ({ __typename: 'Cart', id });
const cartFields = 'id items { product { slug price { amount } } quantity } total { amount currencyCode }';

/** Puts a cart with one piece of each of the products there; answers whose it is. */
async function createCart(products: readonly { readonly id: string }[]): Promise<string> {
  const userId = uuidv7();
  const items = { create: products.map(({ id }) => ({ productId: id, quantity: 1 })) };
  await db.cart.create({ data: { id: uuidv7(), userId, items } });
  return userId;
}

describe('User.cart', () => {
  it('is what the person has put aside, with its total', async () => {
    const { data } = await resolve(customer, `... on User { cart { ${cartFields} } }`, [
      userRepresentation(customer.userId),
    ]);
    expect(data?._entities).toEqual([
      {
        cart: {
          id: demoCart.id,
          items: [
            { product: { slug: 'led-bulb-9w', price: { amount: '399.00' } }, quantity: 2 },
            { product: { slug: 'assam-tea-500g', price: { amount: '280.00' } }, quantity: 1 },
          ],
          total: { amount: '1078.00', currencyCode: 'INR' },
        },
      },
    ]);
  });

  it('may be empty, and then costs nothing', async () => {
    const userId = await createCart([]);
    const { data } = await resolve(
      testActor({ userId }),
      '... on User { cart { items { quantity } total { amount } } }',
      [userRepresentation(userId)],
    );
    expect(data?._entities).toEqual([{ cart: { items: [], total: { amount: '0.00' } } }]);
  });

  it.each([
    ['another service', service, { id: demoCart.id }],
    ['another person', stranger, null],
    ['staff', admin, null],
    ['the anonymous', anonymous, null],
  ])('as %s sees it', async (_who, actor, cart) => {
    expect(
      await resolve(actor, '... on User { cart { id } }', [userRepresentation(customer.userId)]),
    ).toEqual({ data: { _entities: [{ cart }] } });
  });

  it('is null for who has none and for ids that are none', async () => {
    expect(
      await resolve(stranger, '... on User { id cart { id } }', [
        userRepresentation(stranger.userId),
        userRepresentation('not-a-uuid'),
      ]),
    ).toEqual({
      data: {
        _entities: [
          { id: stranger.userId, cart: null },
          { id: 'not-a-uuid', cart: null },
        ],
      },
    });
  });

  it('takes one query for 50 people, and two more for what is in all their carts', async () => {
    const owners = await Promise.all(
      Array.from({ length: 50 }, (_, n) => createCart(demoProducts.slice(0, 1 + (n % 3)))),
    );
    const representations = owners.map(userRepresentation);
    const carts = recordQueries();
    await resolve(service, '... on User { cart { id } }', representations);
    carts[Symbol.dispose]();
    expect(carts.statements).toHaveLength(1);

    using contents = recordQueries();
    const { data } = await resolve(service, `... on User { cart { ${cartFields} } }`, representations);
    expect(contents.statements).toHaveLength(3);
    expect(data?._entities).toMatchObject(
      owners.map((_, n) => ({ cart: { total: { amount: ['749.00', '1148.00', '1793.00'][n % 3] } } })),
    );
  });
});

describe('reference to a cart', () => {
  it.each([
    ['its owner', customer, { total: { amount: '1078.00' } }],
    ['another service', service, { total: { amount: '1078.00' } }],
    ['another person', stranger, null],
    ['staff', admin, null],
    ['the anonymous', anonymous, null],
  ])('as %s sees it', async (_who, actor, entity) => {
    expect(
      await resolve(actor, '... on Cart { total { amount } }', [cartRepresentation(demoCart.id)]),
    ).toEqual({ data: { _entities: [entity] } });
  });

  it('takes one query for 50 references, bad ones among them', async () => {
    const others = Array.from({ length: 48 }, () => uuidv7());
    const ids = [...others, 'not-a-uuid', demoCart.id];
    using recorded = recordQueries();
    expect(await resolve(customer, '... on Cart { id }', ids.map(cartRepresentation))).toEqual({
      data: { _entities: [...Array(49).fill(null), { id: demoCart.id }] },
    });
    expect(recorded.statements).toHaveLength(1);
  });
});

it('keeps what its owner has changed in the demo cart when it starts again', async () => {
  const removed = { cartId: demoCart.id, productId: demoCart.items[0].productId };
  await db.cartItem.delete({ where: { cartId_productId: removed } });
  const again = await createCommerceApp(testDependencies(config));
  expect(await db.cartItem.count({ where: { cartId: demoCart.id } })).toBe(1);
  await again.stop();
});
