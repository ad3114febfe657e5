import { type SqlClient, uuidv7 } from '@suvidha/db';
import { createLog } from '@suvidha/log';
import { openDatabase } from '@suvidha/subgraph';
import { createTestDatabase } from '@suvidha/testing';
import type { Pool } from 'pg';
import { createDb, type Db } from '../../../subgraphs/payments/src/db.ts';
import type { DomainEvent, EventPayload, LiveBus } from '../src/index.ts';

export type { Db };

export const log = createLog({ service: 'test', level: 'silent' });

/** A database with an event log, a consumer's inbox and jobs: that of payments, for any other has the same tables. */
export interface EventDatabase extends AsyncDisposable {
  readonly db: ReturnType<typeof createDb>;
  readonly pool: Pool;
}

export async function openEventDatabase(): Promise<EventDatabase> {
  const migrations = new URL('../../../prisma/payments/migrations', import.meta.url).pathname;
  const database = await openDatabase({
    url: await createTestDatabase(),
    migrationsDirectory: migrations,
    applicationName: 'test',
    log,
  });
  const db = createDb(database.pool);
  return {
    db,
    pool: database.pool,
    [Symbol.asyncDispose]: async () => {
      await db.$disconnect();
      await database.close();
    },
  };
}

/** A row to lock, as every aggregate has one. */
export async function insertPayment(db: Db): Promise<string> {
  const { id } = await db.payment.create({
    data: {
      id: uuidv7(),
      payableType: 'BILL',
      payableId: uuidv7(),
      installmentId: uuidv7(),
      payer: `user:${uuidv7()}`,
      amountMinor: 100n,
      currency: 'INR',
      gateway: 'RAZORPAY',
      returnUrl: 'https://app.example.com/',
      expiresAt: new Date(),
    },
  });
  return id;
}

export async function lockPayment(tx: SqlClient, id: string): Promise<void> {
  await tx.$queryRaw`select id from payment where id = ${id}::uuid for update`;
}

export function statusPayload(paymentId: string, status = 'PENDING'): EventPayload<'payment.status_changed'> {
  return {
    paymentId,
    payable: { type: 'BILL', id: uuidv7() },
    installmentId: 'one',
    payer: 'user:somebody',
    amountMinor: 100,
    currency: 'INR',
    gateway: 'RAZORPAY',
    status,
    previousStatus: null,
    settlement: 'PENDING',
    checkoutUrl: null,
    createdAt: new Date().toISOString(),
  };
}

export function newStatusEvent(paymentId: string, status?: string) {
  return {
    type: 'payment.status_changed' as const,
    aggregateType: 'payment' as const,
    aggregateId: paymentId,
    payload: statusPayload(paymentId, status),
  };
}

/** An answer of billing to a payment, as it is delivered. */
export function settledEvent(paymentId: string = uuidv7()): DomainEvent<'payable.settled'> {
  const payable = { type: 'BILL' as const, id: uuidv7() };
  return {
    id: uuidv7(),
    type: 'payable.settled',
    schemaVersion: 1,
    aggregateType: 'bill',
    aggregateId: payable.id,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload: { paymentId, payable, amountMinor: 100, currency: 'INR' },
  };
}

/** A bus that loses or repeats what the test says, and tells who listens. */
export class UnreliableBus implements LiveBus {
  readonly #inner: LiveBus;
  readonly #reconnectListeners = new Set<() => void>();
  /** How often each event arrives. */
  copies: (event: DomainEvent) => number = () => 1;
  listening = 0;

  constructor(inner: LiveBus) {
    this.#inner = inner;
  }

  async publish(event: DomainEvent): Promise<void> {
    for (let copy = this.copies(event); copy > 0; copy -= 1) await this.#inner.publish(event);
  }

  async subscribe(...args: Parameters<LiveBus['subscribe']>): Promise<() => void> {
    const stop = await this.#inner.subscribe(...args);
    this.listening += 1;
    return () => {
      this.listening -= 1;
      stop();
    };
  }

  onReconnect(listener: () => void): () => void {
    this.#reconnectListeners.add(listener);
    return () => this.#reconnectListeners.delete(listener);
  }

  /** As when a lost connection is back. */
  reconnect(): void {
    for (const listener of this.#reconnectListeners) listener();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
