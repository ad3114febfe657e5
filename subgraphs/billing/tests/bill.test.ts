import { type Actor, anonymous, Role } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { demoPeople } from '@suvidha/demo';
import { recordQueries, testActor } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BilledCustomer, createCustomer } from './support/billed-customer.ts';
import { type BillingFixture, startBilling } from './support/billing.fixture.ts';

let fixture: BillingFixture;
let customer: BilledCustomer;
let billId: string;

beforeAll(async () => {
  fixture = await startBilling();
  customer = await createCustomer(fixture.pool);
  billId = await customer.addBill({ amountMinor: 100_000, paidAmountMinor: 25_050 });
});

afterAll(() => fixture[Symbol.asyncDispose]());

const stranger = testActor();
const staff = testActor({ roles: [Role.OPERATOR] });
const service: Actor = { kind: 'service', service: 'payments' };

const fields = '{ id billNumber status amount { amount currencyCode } amountDue { amount } }';
const byId = `query ($id: ID!) { bill(id: $id) ${fields} }`;
const byNumber = `query ($number: String!) { billByNumber(billNumber: $number) ${fields} }`;

const toShown = () => ({
  id: billId,
  billNumber: `N-${billId}`,
  status: 'DUE',
  amount: { amount: '1000.00', currencyCode: 'INR' },
  amountDue: { amount: '749.50' },
});

describe('a bill', () => {
  it('is shown to its customer, by id and by number', async () => {
    expect(await fixture.execute(byId, { id: billId }, customer.actor)).toEqual({
      data: { bill: toShown() },
    });
    expect(await fixture.execute(byNumber, { number: `N-${billId}` }, customer.actor)).toEqual({
      data: { billByNumber: toShown() },
    });
  });

  it('is shown to staff who read bills', async () => {
    expect((await fixture.execute(byId, { id: billId }, staff)).data).toEqual({ bill: toShown() });
  });

  it('does not exist for anybody else', async () => {
    expect(await fixture.execute(byId, { id: billId }, stranger)).toEqual({ data: { bill: null } });
    expect(await fixture.execute(byNumber, { number: `N-${billId}` }, stranger)).toEqual({
      data: { billByNumber: null },
    });
  });

  it.each([uuidv7(), 'not-a-uuid', '', 'zero\u0000byte'])('does not exist under the id %j', async (id) => {
    expect(await fixture.execute(byId, { id }, staff)).toEqual({ data: { bill: null } });
  });

  it.each(['unknown', '', 'zero\u0000byte'])('does not exist under the number %j', async (number) => {
    expect(await fixture.execute(byNumber, { number }, staff)).toEqual({ data: { billByNumber: null } });
  });

  it.each([
    ['bill', byId, { id: uuidv7() }],
    ['billByNumber', byNumber, { number: 'unknown' }],
    ['bills', '{ bills { edges { cursor } } }', {}],
    ['connections', '{ connections { id } }', {}],
    ['connection', 'query ($id: ID!) { connection(id: $id) { id } }', { id: uuidv7() }],
  ])('asks the anonymous to log in: %s', async (field, query, variables) => {
    const { data, errors } = await fixture.execute(query, variables, anonymous);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([{ path: [field], extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('reference to a bill', () => {
  const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Bill { id connection { id utility } } } }`;
  const resolve = (actor: Actor, representations: readonly object[]) =>
    fixture.execute(entities, { representations }, actor);

  it.each([
    ['its customer', () => customer.actor, true],
    ['staff', () => staff, true],
    ['another service', () => service, true],
    ['another person', () => stranger, false],
    ['the anonymous', () => anonymous, false],
  ])('as %s sees it, by either key', async (_who, actor, isShown) => {
    const keys = [{ id: billId }, { billNumber: `N-${billId}` }];
    const shown = { id: billId, connection: { id: customer.connectionId, utility: 'ELECTRICITY' } };
    const { data } = await resolve(
      actor(),
      keys.map((key) => ({ __typename: 'Bill', ...key })),
    );
    expect(data._entities).toEqual(isShown ? [shown, shown] : [null, null]);
  });

  it('takes two queries for 50 bills with their connections', async () => {
    const many = await createCustomer(fixture.pool);
    const ids: string[] = [];
    for (let count = 0; count < 50; count += 1) ids.push(await many.addBill());
    const representations = ids.map((id) => ({ __typename: 'Bill', id }));
    using recorded = recordQueries();
    const { data } = await resolve(many.actor, representations);
    expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(recorded.statements).toHaveLength(2);
  });
});

describe('demo data', () => {
  it('is there for the demo customer, something of it due', async () => {
    const { data } = await fixture.execute(
      '{ bills(filter: { status: DUE }) { edges { node { status amountDue { amount } } } } }',
      {},
      testActor({ userId: demoPeople.customer.id }),
    );
    expect(data.bills.edges).toHaveLength(3);
  });
});
