import { anonymous } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import type { DomainEvent } from '@suvidha/events';
import { testIdentity } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  hurry,
  initiate,
  newAttempt,
  type PaymentsWorld,
  type StartedPayment,
  startPayments,
  toAnswer,
} from './payments.fixture.ts';
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

describe('the payer of a receipt', () => {
  type Issued = DomainEvent<'receipt.issued'>;

  /** What identity was told of the receipts of a payment, as soon as there are so many. */
  const waitForNews = (paymentId: string, count = 1): Promise<Issued[]> =>
    vi.waitFor(
      () => {
        const told = world.delivered.filter(
          ({ type, payload }) =>
            type === 'receipt.issued' && (payload as Issued['payload']).paymentId === paymentId,
        );
        expect(told).toHaveLength(count);
        return told as Issued[];
      },
      { timeout: 20_000, interval: 10 },
    );

  const news = `from event_log where type = 'receipt.issued' and payload ->> 'paymentId' = $1`;
  const jobs = `from graphile_worker._private_jobs job join graphile_worker._private_tasks task
    on task.id = job.task_id where task.identifier = 'issue-receipt' and payload ->> 'paymentId' = $1`;

  /** Waits until there are so many rows about a payment. */
  const waitForCount = (count: number, rows: string, paymentId: string) =>
    vi.waitFor(
      async () => {
        const text = `select count(*)::int as count ${rows}`;
        expect((await world.pool.query(text, [paymentId])).rows).toEqual([{ count }]);
      },
      { timeout: 20_000, interval: 10 },
    );

  const dayMs = 24 * 3_600_000;

  it('is told where to find it, at an address that a mail may keep for a month', async () => {
    const payment = await startSettled(world);
    const { receipt } = await waitFor(payment, hasReceipt);
    const [{ payload }] = (await waitForNews(payment.id)) as [Issued];
    expect(payload).toMatchObject({
      number: receipt!.number,
      paymentId: payment.id,
      refundId: null,
      payable: payment.request.payable,
      payableNumber: 'EL-202611-7',
      payer: `user:${payment.actor.userId}`,
      amountMinor: 49_900,
      currency: 'INR',
    });
    world.clock.aheadMs = 29 * dayMs;
    const kept = await fetchReceipt(payload.url);
    expect(kept.headers.get('content-disposition')).toContain(receipt!.number);
    world.clock.aheadMs = Date.parse(payload.urlExpiresAt) - Date.now() + 1_000;
    expect((await fetchReceipt(payload.url)).status).toBe(404);
  });

  it('is told of a refund as such', async () => {
    const payment = await startSettled(world);
    await waitForNews(payment.id);
    const { id } = await refund(world, { paymentId: payment.id, amount: '10.00' });
    const news = await waitForNews(payment.id, 2);
    expect(news.at(-1)!.payload).toMatchObject({
      refundId: id,
      number: expect.stringMatching(/^RR-/),
      amountMinor: 1_000,
    });
  });

  it('is told nothing as a guest, who has no account', async () => {
    const { request, input } = await newAttempt(world, { payer: `guest:${uuidv7()}` });
    const { payment } = await initiate(world, anonymous, input);
    await world.vendor.pay(payment!.checkoutUrl!);
    const guest = { ...payment!, request } as StartedPayment;
    await waitForCount(1, `from payment where id = $1::uuid and status = 'CAPTURED'`, guest.id);
    await world.app.consume(toAnswer('payable.settled', guest, {}));
    await waitForCount(1, news, guest.id);
    const somebody = await startSettled(world);
    await waitForNews(somebody.id);
    await waitForNews(guest.id, 0);
  });

  it('is told if and only if it stands: a crash in between takes it back, number and all', async () => {
    await world.pool.query(`create function refuse_news() returns trigger language plpgsql as
      $$ begin raise exception 'the process dies here'; end $$`);
    await world.pool.query(`create trigger refuse_news before insert on event_log for each row
      when (new.type = 'receipt.issued') execute function refuse_news()`);
    const payment = await startSettled(world);
    await waitForCount(1, `${jobs} and last_error is not null`, payment.id);
    expect(await read(payment)).toMatchObject({ receipt: null });
    await world.pool.query('drop function refuse_news cascade');
    await hurry(world, 'issue-receipt');
    await waitForNews(payment.id);
    const { rows } = await world.pool.query(
      `select count(*)::int as count, max(right(number, 6)::int) as last from receipt where number like 'R-%'`,
    );
    expect(rows[0].last).toBe(rows[0].count);
  });

  it('is told once, however often and at once the receipt is asked for', async () => {
    const payment = await startSettled(world);
    await world.pool.query(
      `select graphile_worker.add_job('issue-receipt', json_build_object('paymentId', $1::text))
        from generate_series(1, 6)`,
      [payment.id],
    );
    await waitForCount(0, jobs, payment.id);
    await waitForNews(payment.id);
    await waitForCount(1, news, payment.id);
  });
});
