import { type Actor, anonymous, Role } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { recordQueries, testActor } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BilledCustomer, createCustomer } from './support/billed-customer.ts';
import { type BillingFixture, type Json, startBilling } from './support/billing.fixture.ts';

let fixture: BillingFixture;

beforeAll(async () => {
  fixture = await startBilling();
});

afterAll(() => fixture[Symbol.asyncDispose]());

const list = `query ($first: Int! = 20, $after: String, $filter: BillFilterInput) {
  bills(first: $first, after: $after, filter: $filter) {
    edges { node { id } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

async function listIds({ actor }: BilledCustomer, variables: object = {}): Promise<string[]> {
  const { data, errors } = await fixture.execute(list, variables, actor);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.bills.edges.map(({ node }: Json) => node.id);
}

async function addBills(customer: BilledCustomer, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let added = 0; added < count; added += 1) ids.unshift(await customer.addBill());
  return ids;
}

describe('bills', () => {
  it('are those of whoever asks, newest first', async () => {
    const [customer, other] = [await createCustomer(fixture.pool), await createCustomer(fixture.pool)];
    await other.addBill();
    const ids = await addBills(customer, 3);
    expect(await listIds(customer)).toEqual(ids);
  });

  it('come page by page, in one query each', async () => {
    const customer = await createCustomer(fixture.pool);
    const ids = await addBills(customer, 3);
    using recorded = recordQueries();
    const { bills: first } = (await fixture.execute(list, { first: 2 }, customer.actor)).data;
    expect(recorded.statements).toHaveLength(1);
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0].cursor,
      endCursor: first.edges[1].cursor,
    });
    const after = first.pageInfo.endCursor;
    const { bills: second } = (await fixture.execute(list, { first: 2, after }, customer.actor)).data;
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect([...first.edges, ...second.edges].map(({ node }) => node.id)).toEqual(ids);
  });

  it('are neither skipped nor repeated when more are issued while somebody pages', async () => {
    const customer = await createCustomer(fixture.pool);
    const ids = await addBills(customer, 5);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { bills }: Json = (await fixture.execute(list, { first: 2, after }, customer.actor)).data;
      seen.push(...bills.edges.map(({ node }: Json) => node.id));
      after = bills.pageInfo.hasNextPage ? bills.pageInfo.endCursor : null;
      await customer.addBill();
    } while (after !== null);
    expect(seen).toEqual(ids);
  });

  it('are filtered by status and by connection', async () => {
    const customer = await createCustomer(fixture.pool);
    const connectionId = await customer.addConnection('GAS');
    const due = await customer.addBill({ paidAmountMinor: 1 });
    const paid = await customer.addBill({ paidAmountMinor: 100_000 });
    const gas = await customer.addBill({ connectionId });
    expect(await listIds(customer, { filter: { status: 'DUE' } })).toEqual([gas, due]);
    expect(await listIds(customer, { filter: { status: 'PAID' } })).toEqual([paid]);
    expect(await listIds(customer, { filter: { connectionId } })).toEqual([gas]);
    expect(await listIds(customer, { filter: { connectionId, status: 'PAID' } })).toEqual([]);
    for (const unknown of [uuidv7(), 'not-a-uuid'])
      expect(await listIds(customer, { filter: { connectionId: unknown } })).toEqual([]);
  });

  it.each([
    ['first', { first: 0 }],
    ['first', { first: 101 }],
    ['after', { after: 'no cursor' }],
  ])('are not listed for a bad %s: %j', async (field, variables) => {
    const { data, errors } = await fixture.execute(list, variables, testActor());
    expect(data).toEqual({ bills: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: [field] } }]);
  });
});

describe('what billing adds to User', () => {
  const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on User { id bills(first: 5) { edges { node { id } } } connections { id } } } }`;
  const resolve = (actor: Actor, ids: readonly string[]) =>
    fixture.execute(entities, { representations: ids.map((id) => ({ __typename: 'User', id })) }, actor);

  it('is shown to the person and to staff', async () => {
    const customer = await createCustomer(fixture.pool);
    const billId = await customer.addBill();
    const { userId } = customer.actor;
    for (const actor of [customer.actor, testActor({ roles: [Role.OPERATOR] })])
      expect(await resolve(actor, [userId])).toEqual({
        data: {
          _entities: [
            {
              id: userId,
              bills: { edges: [{ node: { id: billId } }] },
              connections: [{ id: customer.connectionId }],
            },
          ],
        },
      });
  });

  it('is empty for anybody else', async () => {
    const customer = await createCustomer(fixture.pool);
    await customer.addBill();
    const ids = [customer.actor.userId, 'not-a-uuid'];
    const { data } = await resolve(testActor(), ids);
    expect(data._entities).toEqual(ids.map((id) => ({ id, bills: { edges: [] }, connections: [] })));
  });

  it('asks the anonymous to log in', async () => {
    const { userId } = (await createCustomer(fixture.pool)).actor;
    const { data, errors } = await resolve(anonymous, [userId]);
    expect(data._entities).toEqual([{ id: userId, bills: null, connections: null }]);
    expect(errors).toMatchObject(Array(2).fill({ extensions: { code: 'UNAUTHENTICATED' } }));
  });

  it('takes one query for the connections of 50 people', async () => {
    const customers = [await createCustomer(fixture.pool), await createCustomer(fixture.pool)];
    const ids = [
      ...customers.map(({ actor }) => actor.userId),
      ...Array.from({ length: 48 }, () => testActor().userId),
    ];
    using recorded = recordQueries();
    const { data } = await fixture.execute(
      entities.replace(/bills\(.*?\} \} \}/, ''),
      { representations: ids.map((id) => ({ __typename: 'User', id })) },
      testActor({ roles: [Role.OPERATOR] }),
    );
    expect(data._entities.slice(0, 3).map(({ connections }: Json) => connections)).toEqual([
      ...customers.map(({ connectionId }) => [{ id: connectionId }]),
      [],
    ]);
    expect(recorded.statements).toHaveLength(1);
  });
});
