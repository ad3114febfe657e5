import { createPool, runMigrations, uuidv7 } from '@suvidha/db';
import { createLog } from '@suvidha/log';
import type { Pool, PoolClient } from 'pg';
import { type Load, timed } from './numbers.ts';

/** Connections, as many as the subgraph has. */
const connections = 12;

export interface PeerMeasure {
  readonly perSecond: number;
  readonly commitsPerPayment: number;
}

/**
 * What a program would do that knows nothing but SQL: the same final rows in the same tables with the same indexes and
 * triggers, in as many commits that change rows: intent, order, webhook, capture, settlement, receipt.
 */
export async function runPeer(
  url: string,
  { warmUp, load }: { warmUp: Load; load: Load },
): Promise<PeerMeasure> {
  const migrationsDirectory = new URL('../../prisma/payments/migrations', import.meta.url).pathname;
  await runMigrations({ url, migrationsDirectory, log: createLog({ service: 'bench', level: 'error' }) });
  const pool = createPool(url, { applicationName: 'bench-peer', max: connections });
  await timed(warmUp, () => payOnce(pool));
  const seconds = await timed(load, () => payOnce(pool));
  await pool.end();
  return { perSecond: load.payments / seconds, commitsPerPayment };
}

const commitsPerPayment = 6;

async function payOnce(pool: Pool): Promise<void> {
  const id = uuidv7();
  const [payable, payer] = [uuidv7(), `user:${uuidv7()}`];
  const [order, paid] = [`order_${uuidv7()}`, `pay_${uuidv7()}`];
  const snapshot = JSON.stringify(toSnapshot({ id, payable, payer }));
  const event = (client: PoolClient, version: number, type = 'payment.status_changed') =>
    client.query(
      `insert into event_log (id, aggregate_type, aggregate_id, version, type, schema_version, payload, occurred_at)
       values ($1, 'payment', $2, $3, $4, 1, $5, now())`,
      [uuidv7(), id, version, type, snapshot],
    );
  await commit(pool, async (client) => {
    await client.query(
      `insert into idempotency_key (scope, operation, key, request_hash, resource_id) values ($1, 'initiatePayment', $2, $3, $4)`,
      [payer, uuidv7(), 'a'.repeat(64), id],
    );
    await client.query(
      `insert into payment (id, payable_type, payable_id, installment_id, payer, amount_minor, currency, gateway, return_url, expires_at)
       values ($1, 'BILL', $2, $3, $4, 49900, 'INR', 'RAZORPAY', 'https://app.example.com/paid', now() + interval '30 minutes')`,
      [id, payable, `${payable}:0`, payer],
    );
    await event(client, 1);
  });
  await commit(pool, async (client) => {
    await client.query(
      `update payment set status = 'PENDING', vendor_order_id = $2, checkout_url = $3 where id = $1 and status = 'CREATED'`,
      [id, order, `http://vendor.test/${order}`],
    );
    await event(client, 2);
  });
  await commit(pool, (client) =>
    client.query(
      `insert into webhook_delivery (id, gateway, event_id, body, processed_at, payment_id) values ($1, 'RAZORPAY', $2, $3, now(), $4)`,
      [uuidv7(), paid, Buffer.from(snapshot), id],
    ),
  );
  await commit(pool, async (client) => {
    await client.query(
      `update payment set status = 'CAPTURED', vendor_payment_id = $2, captured_at = now(), fee_minor = 1000
        where id = $1 and status = 'PENDING'`,
      [id, paid],
    );
    await event(client, 3);
    await event(client, 4, 'payment.captured');
    await book(client, { id, key: `captured:${id}` }, [
      ['VENDOR_CLEARING', 49_900],
      ['CUSTOMER', -49_900],
      ['FEES', 1_000],
      ['VENDOR_CLEARING', -1_000],
    ]);
  });
  await commit(pool, async (client) => {
    await client.query('insert into consumed_event (event_id) values ($1)', [uuidv7()]);
    await client.query(`update payment set settlement = 'SETTLED' where id = $1 and settlement = 'PENDING'`, [
      id,
    ]);
    await event(client, 5);
    await book(client, { id, key: `settled:${id}` }, [
      ['CUSTOMER', 49_900],
      ['MERCHANT', -49_900],
    ]);
  });
  await commit(pool, async (client) => {
    const { rows } = await client.query(
      `insert into receipt_counter (series, last) values ('R-2026', 1)
       on conflict (series) do update set last = receipt_counter.last + 1 returning last`,
    );
    await client.query(
      `insert into receipt (id, number, payment_id, payable_type, payable_id, gateway, vendor_reference, amount_minor, currency, moved_at, issued_at)
       values ($1, $2, $3, 'BILL', $4, 'RAZORPAY', $5, 49900, 'INR', now(), now())`,
      [uuidv7(), `R-2026-${rows[0].last}`, id, payable, paid],
    );
  });
}

async function book(
  client: PoolClient,
  entry: { readonly id: string; readonly key: string },
  postings: readonly (readonly [string, number])[],
): Promise<void> {
  const entryId = uuidv7();
  await client.query('insert into ledger_entry (id, key, payment_id) values ($1, $2, $3)', [
    entryId,
    entry.key,
    entry.id,
  ]);
  await client.query(
    `insert into ledger_posting (entry_id, account, currency, amount_minor)
     select $1, account::"LedgerAccount", 'INR', amount from unnest($2::text[], $3::bigint[]) as posting (account, amount)`,
    [entryId, postings.map(([account]) => account), postings.map(([, amount]) => amount)],
  );
}

async function commit(pool: Pool, work: (client: PoolClient) => Promise<unknown>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } finally {
    client.release();
  }
}

function toSnapshot({ id, payable, payer }: { id: string; payable: string; payer: string }): object {
  return {
    paymentId: id,
    payable: { type: 'BILL', id: payable },
    installmentId: `${payable}:0`,
    payer,
    amountMinor: 49_900,
    currency: 'INR',
    gateway: 'RAZORPAY',
    status: 'CAPTURED',
    previousStatus: 'PENDING',
    settlement: 'PENDING',
    checkoutUrl: 'http://vendor.test/order',
    createdAt: new Date().toISOString(),
    refundedMinor: 0,
    failureCode: null,
    capturedAt: new Date().toISOString(),
  };
}

/** How long one commit of one row takes, alone, in milliseconds. */
export async function measureCommits(url: string): Promise<number[]> {
  const pool = createPool(url, { applicationName: 'bench-commit', max: 1 });
  await pool.query('create table one_row (id uuid primary key, at timestamptz default now())');
  const times: number[] = [];
  for (let number = 0; number < 300; number += 1) {
    const started = performance.now();
    await pool.query('insert into one_row (id) values ($1)', [uuidv7()]);
    if (number >= 50) times.push(performance.now() - started);
  }
  await pool.end();
  return times;
}
