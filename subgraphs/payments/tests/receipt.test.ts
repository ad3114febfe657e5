import { testIdentity } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentsWorld, type StartedPayment, startPayments } from './payments.fixture.ts';
import { areAll, refund, startCaptured, startSettled, waitForRefunds } from './refunds.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
});
afterEach(() => {
  world.clock.aheadMs = 0;
});
afterAll(() => world[Symbol.asyncDispose]());

interface Receipt {
  readonly number: string;
  readonly url: string;
  readonly amount: { readonly amount: string };
}

interface Receipts {
  readonly receipt: Receipt | null;
  readonly refunds: readonly { readonly receipt: Receipt | null }[];
}

async function read({ actor, id }: Pick<StartedPayment, 'actor' | 'id'>): Promise<Receipts> {
  const receipt = 'receipt { number url amount { amount } }';
  const query = `query ($id: ID!) { payment(id: $id) { ${receipt} refunds { ${receipt} } } }`;
  const { data, errors } = await world.app.execute({ query, variables: { id } }, testIdentity(actor));
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  return data?.payment as Receipts;
}

async function waitFor(
  payment: StartedPayment,
  isWanted: (receipts: Receipts) => boolean,
): Promise<Receipts> {
  for (;;) {
    const receipts = await read(payment);
    if (isWanted(receipts)) return receipts;
  }
}

const hasReceipt = ({ receipt }: { receipt: Receipt | null }) => receipt !== null;

/** Asks the subgraph's own HTTP, whatever its public address. */
function fetchReceipt(url: string): Promise<Response> {
  const { pathname, search } = new URL(url);
  return fetch(new URL(`${pathname}${search}`, world.webhookUrl));
}

describe('receipts', () => {
  it('are numbered without gaps or repetitions, however many are issued at once', async () => {
    const payments = await Promise.all(Array.from({ length: 8 }, () => startSettled(world)));
    const receipts = await Promise.all(payments.map((payment) => waitFor(payment, hasReceipt)));
    expect(new Set(receipts.map(({ receipt }) => receipt!.number)).size).toBe(8);
    const { rows } = await world.pool.query(
      `select count(*)::int as count, max(right(number, 6)::int) as last from receipt where number like 'R-%'`,
    );
    expect(rows[0].last).toBe(rows[0].count);
    expect(receipts[0]!.receipt).toMatchObject({ amount: { amount: '499.00' } });
  });

  it('are issued when the payment is complete, and once', async () => {
    const payment = await startCaptured(world);
    expect(await read(payment)).toMatchObject({ receipt: null });
  });

  it('of refunds count by themselves', async () => {
    const payment = await startSettled(world);
    await refund(world, { paymentId: payment.id, amount: '10.00' });
    await waitForRefunds(world, payment, areAll('PROCESSED'));
    const { refunds } = await waitFor(payment, (receipts) => receipts.refunds.every(hasReceipt));
    expect(refunds[0]!.receipt).toMatchObject({
      number: expect.stringMatching(/^RR-\d{4}-\d{6}$/),
      amount: { amount: '10.00' },
    });
  });

  it('are PDF at an address that holds for a while, the same bytes each time', async () => {
    const payment = await startSettled(world);
    const { receipt } = await waitFor(payment, hasReceipt);
    const [first, second] = await Promise.all([fetchReceipt(receipt!.url), fetchReceipt(receipt!.url)]);
    expect(first.headers.get('content-type')).toBe('application/pdf');
    const bytes = Buffer.from(await first.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.from(await second.arrayBuffer()).equals(bytes)).toBe(true);
    world.clock.aheadMs = 16 * 60_000;
    expect((await fetchReceipt(receipt!.url)).status).toBe(404);
  });

  it('are not found at an address that was changed', async () => {
    const [mine, theirs] = await Promise.all([startSettled(world), startSettled(world)]);
    const { receipt } = await waitFor(mine, hasReceipt);
    const other = await waitFor(theirs, hasReceipt);
    const url = new URL(receipt!.url);
    url.pathname = new URL(other.receipt!.url).pathname;
    expect((await fetchReceipt(url.href)).status).toBe(404);
    const longer = new URL(receipt!.url);
    longer.searchParams.set('expires', '9999999999999');
    expect((await fetchReceipt(longer.href)).status).toBe(404);
  });

  it.each(["update receipt set number = 'X'", 'delete from receipt', 'truncate receipt'])(
    'cannot be changed: %s',
    async (statement) => {
      await expect(world.pool.query(statement)).rejects.toThrow('immutable');
    },
  );
});
