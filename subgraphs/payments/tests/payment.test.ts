import { anonymous } from '@suvidha/auth';
import { createInProcessBus, type LiveBus } from '@suvidha/events';
import { findUndeclaredAccess, findUndescribed } from '@suvidha/subgraph';
import { recordQueries, testActor, testIdentity } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type PaymentsWorld,
  readPayment,
  type StartedPayment,
  type StatusEvent,
  startPayment,
  startPayments,
  waitForStatus,
} from './payments.fixture.ts';

/** Loses every second event. */
function createLossyBus(): LiveBus {
  const bus = createInProcessBus();
  return { ...bus, publish: async (event) => (event.version % 2 === 0 ? bus.publish(event) : undefined) };
}

let world: PaymentsWorld;
let payment: StartedPayment;

beforeAll(async () => {
  world = await startPayments({ bus: createLossyBus() });
  payment = await startPayment(world);
});
afterAll(() => world[Symbol.asyncDispose]());

type Who = Parameters<typeof testIdentity>[0];

const subscription = `subscription ($id: ID!, $after: String) {
  paymentStatusChanged(paymentId: $id, after: $after) {
    cursor status previousStatus settlement
    payment { id amount { amount currencyCode } payable { ... on Bill { id } } }
  }
}`;

const subscribe = (who: Who, id: string, after?: string) =>
  world.app.subscribe({ query: subscription, variables: { id, after } }, testIdentity(who));

async function takeEvents(who: Who, id: string, count: number, after?: string): Promise<StatusEvent[]> {
  const stream = await subscribe(who, id, after);
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  const events: StatusEvent[] = [];
  for await (const { data } of stream) {
    events.push(data?.paymentStatusChanged as StatusEvent);
    if (events.length === count) break;
  }
  return events;
}

describe('paymentStatusChanged', () => {
  it('pushes the present state first, with the payment as it is then', async () => {
    expect(await takeEvents(payment.actor, payment.id, 1)).toEqual([
      {
        cursor: '2',
        status: 'PENDING',
        previousStatus: 'CREATED',
        settlement: 'PENDING',
        payment: {
          id: payment.id,
          amount: { amount: '499.00', currencyCode: 'INR' },
          payable: { id: payment.request.payable.id },
        },
      },
    ]);
  });

  it('resumes behind a cursor, and is the timeline, though the bus loses events', async () => {
    const paid = await startPayment(world);
    const reading = takeEvents(paid.actor, paid.id, 3, '0');
    await world.vendor.pay(paid.checkoutUrl, 'decline');
    const seen = await reading;
    const { timeline } = await readPayment(world, paid.actor, paid.id);
    expect(seen.map(({ cursor, status }) => ({ cursor, status }))).toEqual(
      timeline.map(({ cursor, status }) => ({ cursor, status })),
    );
    expect(seen.map(({ status }) => status)).toEqual(['CREATED', 'PENDING', 'FAILED']);
    expect((await takeEvents(paid.actor, paid.id, 1, '2')).map(({ status }) => status)).toEqual(['FAILED']);
  });

  it('goes on past an event that is no status event, such as payment.captured', async () => {
    const paid = await startPayment(world);
    await world.vendor.pay(paid.checkoutUrl);
    await waitForStatus(world, paid, ({ status }) => status === 'CAPTURED');
    expect((await takeEvents(paid.actor, paid.id, 1)).map(({ status }) => status)).toEqual(['CAPTURED']);
  });

  it.each([
    ['of somebody else', () => payment.id],
    ['that is not there', () => '019a0000-0000-7000-8000-00000000ffff'],
    ['whose id is none', () => 'nonsense'],
  ])('refuses a payment %s with the same words', async (_what, id) => {
    const refusal = await subscribe(testActor(), id());
    expect(refusal).toMatchObject({
      errors: [
        { message: 'There is no such payment, or it is not yours.', extensions: { code: 'NOT_FOUND' } },
      ],
    });
  });

  it('refuses the anonymous', async () => {
    expect(await subscribe(anonymous, payment.id)).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it.each([
    ['nonsense', 'CURSOR_INVALID'],
    ['99', 'CURSOR_INVALID'],
  ])('refuses the cursor %s', async (cursor, reason) => {
    expect(await subscribe(payment.actor, payment.id, cursor)).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', reason, field: ['after'] } }],
    });
  });
});

const entities = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Payment { status }
    ... on Bill { payments { id } }
  }
}`;

const resolve = (who: Who, representations: readonly object[]) =>
  world.app.execute({ query: entities, variables: { representations } }, testIdentity(who));

describe('a payment', () => {
  it('does not exist for anybody else', async () => {
    expect(await readPayment(world, testActor(), payment.id)).toBeNull();
    const { data } = await resolve(testActor(), [{ __typename: 'Payment', id: payment.id }]);
    expect(data).toEqual({ _entities: [null] });
  });

  it('is found for 50 references by one query', async () => {
    const representations = Array.from({ length: 50 }, () => ({ __typename: 'Payment', id: payment.id }));
    using recorded = recordQueries();
    const { data } = await resolve(payment.actor, representations);
    expect(data).toEqual({ _entities: Array(50).fill({ status: 'PENDING' }) });
    // Background work asks the database too, but not for payments by id.
    const lookups = recorded.statements.filter((statement) => /from "public"."payment"/i.test(statement));
    expect(lookups).toHaveLength(1);
  });

  it('is listed at its bill for its payer only', async () => {
    const bill = { __typename: 'Bill', id: payment.request.payable.id };
    expect((await resolve(payment.actor, [bill])).data).toEqual({
      _entities: [{ payments: [{ id: payment.id }] }],
    });
    expect((await resolve(testActor(), [bill])).data).toEqual({ _entities: [{ payments: [] }] });
  });
});

it('says of everything in the schema who may read it and what it means', () => {
  expect(findUndeclaredAccess(world.app.subgraph.source)).toEqual([]);
  expect(findUndescribed(world.app.subgraph.source)).toEqual([]);
});
