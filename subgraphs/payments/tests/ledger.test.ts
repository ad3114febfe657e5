import { uuidv7 } from '@suvidha/db';
import { testIdentity } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentsWorld, startPayments, toAnswer, waitForStatus } from './payments.fixture.ts';
import {
  admin,
  areAll,
  operator,
  refund,
  startCaptured,
  startSettled,
  waitForRefunds,
} from './refunds.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What one payment has left on each account, in paise. */
async function balancesOf(paymentId: string): Promise<Record<string, number>> {
  const { rows } = await world.pool.query(
    `select account, sum(amount_minor)::int as balance from ledger_posting p join ledger_entry e on e.id = p.entry_id
      where payment_id = $1 group by account having sum(amount_minor) <> 0`,
    [paymentId],
  );
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}

/** Razorpay's sandbox keeps 2 % and 18 % tax on it. */
const feeMinor = 1_178;

describe('the books of a payment', () => {
  it('owe the customer what was captured, and the merchant what was settled', async () => {
    const payment = await startCaptured(world);
    const clearing = { VENDOR_CLEARING: 49_900 - feeMinor, FEES: feeMinor };
    expect(await balancesOf(payment.id)).toEqual({ ...clearing, CUSTOMER: -49_900 });
    await world.app.consume(toAnswer('payable.settled', payment, {}));
    expect(await balancesOf(payment.id)).toEqual({ ...clearing, MERCHANT: -49_900 });
  });

  it('tell credit from what was put to the payable', async () => {
    const payment = await startCaptured(world);
    await world.app.consume(toAnswer('payable.settled', payment, { creditedMinor: 900 }));
    expect(await balancesOf(payment.id)).toMatchObject({ MERCHANT: -49_000, CREDIT: -900 });
  });

  it('are even but for the fee when all was given back', async () => {
    const payment = await startCaptured(world);
    await world.app.consume(toAnswer('payable.rejected', payment, { reason: 'NOT_PAYABLE' }));
    await waitForStatus(world, payment, ({ status }) => status === 'REFUNDED');
    expect(await balancesOf(payment.id)).toEqual({ VENDOR_CLEARING: -feeMinor, FEES: feeMinor });
  });

  it('take a refund that failed back by a reversal, and keep what was written', async () => {
    const payment = await startSettled(world);
    const before = await balancesOf(payment.id);
    await world.vendor.strike({ call: 'process-refund', fault: 'failed' });
    await refund(world, { paymentId: payment.id });
    await waitForRefunds(world, payment, areAll('FAILED'));
    expect(await balancesOf(payment.id)).toEqual(before);
    const { rows } = await world.pool.query(
      'select split_part(key, $2, 1) as what, reverses_id is not null as "isReversal" from ledger_entry where payment_id = $1 order by id',
      [payment.id, ':'],
    );
    expect(rows.slice(-2)).toEqual([
      { what: 'refund-requested', isReversal: false },
      { what: 'reversal', isReversal: true },
    ]);
  });
});

describe('the database', () => {
  const entry = () => [uuidv7(), `test:${uuidv7()}`, uuidv7()];
  const insertEntry = 'insert into ledger_entry (id, key, payment_id) values ($1, $2, $3)';
  const insertPosting =
    'insert into ledger_posting (entry_id, account, currency, amount_minor) values ($1, $2, $3, $4)';

  /** Books an entry with these postings, all in one transaction. */
  async function book(postings: readonly [string, string, number][]): Promise<void> {
    const client = await world.pool.connect();
    try {
      const [id, ...rest] = entry();
      await client.query('begin');
      await client.query(insertEntry, [id, ...rest]);
      for (const posting of postings) await client.query(insertPosting, [id, ...posting]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  it.each([
    [
      'that does not balance',
      [
        ['CUSTOMER', 'INR', -100],
        ['MERCHANT', 'INR', 99],
      ],
    ],
    [
      'that balances over two currencies only',
      [
        ['CUSTOMER', 'INR', -100],
        ['MERCHANT', 'USD', 100],
      ],
    ],
    ['of one posting', [['CUSTOMER', 'INR', -100]]],
    ['of none', []],
    ['with a posting of zero', [['CUSTOMER', 'INR', 0]]],
  ] as [string, [string, string, number][]][])('refuses an entry %s', async (_what, postings) => {
    await expect(book(postings)).rejects.toThrow(/balance|zero/);
  });

  it('refuses postings to an entry of before', async () => {
    await startCaptured(world);
    const client = await world.pool.connect();
    const { rows } = await client.query('select id from ledger_entry limit 1');
    const late = client.query(
      `insert into ledger_posting (entry_id, account, currency, amount_minor)
       values ($1, 'FEES', 'INR', 1), ($1, 'CREDIT', 'INR', -1)`,
      [rows[0].id],
    );
    await expect(late).rejects.toThrow('closed');
    client.release();
  });

  it.each([
    'update ledger_posting set amount_minor = amount_minor + 1',
    'delete from ledger_posting',
    'truncate ledger_posting',
    "update ledger_entry set key = key || '!'",
    'delete from ledger_entry',
    'truncate ledger_entry cascade',
  ])('refuses: %s', async (statement) => {
    await expect(world.pool.query(statement)).rejects.toThrow('append-only');
  });

  it.each(['refund_reserved_minor = amount_minor + 1', 'refunded_minor = 1', 'refund_reserved_minor = -1'])(
    'refuses a payment with %s',
    async (change) => {
      const payment = await startCaptured(world);
      const update = world.pool.query(`update payment set ${change} where id = $1`, [payment.id]);
      await expect(update).rejects.toThrow('payment_refunds_never_exceed_capture');
    },
  );
});

const query = '{ ledgerBalances { account balance { amount currencyCode } recomputed { amount } } }';

interface Balance {
  readonly account: string;
  readonly balance: { readonly amount: string; readonly currencyCode: string };
  readonly recomputed: { readonly amount: string };
}

describe('ledgerBalances', () => {
  it('sums to zero, and what is kept is what all postings say, after much at once', async () => {
    const payments = await Promise.all(Array.from({ length: 8 }, () => startSettled(world)));
    await Promise.all(payments.map(({ id }) => refund(world, { paymentId: id, amount: '10.00' })));
    const { data } = await world.app.execute({ query }, testIdentity(admin));
    const balances = data?.ledgerBalances as Balance[];
    expect(balances.length).toBeGreaterThanOrEqual(4);
    for (const { balance, recomputed } of balances) expect(balance.amount).toBe(recomputed.amount);
    const paise = balances.map(({ balance }) => Math.round(Number(balance.amount) * 100));
    expect(paise.reduce((sum, amount) => sum + amount, 0)).toBe(0);
  });

  it('is for admins', async () => {
    const { errors } = await world.app.execute({ query }, testIdentity(operator));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
