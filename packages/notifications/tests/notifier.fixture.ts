import { randomBytes } from 'node:crypto';
import { createSealer, type Sealer } from '@suvidha/seal';
import {
  createNotificationHandlers,
  createNotifier,
  createVendors,
  type DeliveryLimits,
  type Destination,
  type Notification,
  type Notifier,
  type Preferences,
  sendNotificationTask,
  type Vendors,
} from '../src/index.ts';
import { createNotificationDatabase, log, type NotificationDatabase } from './database.fixture.ts';
import { type Json, startSandbox, type TestSandbox } from './sandbox.fixture.ts';

/** A notifier with its vendors, and the test in the place of the job worker. */
export interface NotifierFixture extends AsyncDisposable {
  readonly sandbox: TestSandbox;
  readonly database: NotificationDatabase;
  readonly sealer: Sealer;
  readonly notifier: Notifier;
  readonly wishes: Map<string, Preferences>;
  readonly undeliverable: Destination[];
  now: Date;
  enqueue(notification: Notification<'order-status'> | Notification<'otp-login'>): Promise<string | null>;
  /** Runs the delivery's job once, as the worker would; answers the error that would make it try again. */
  run(id: string): Promise<Error | null>;
  row(id: string): Promise<Json>;
  /** Waiting jobs of a delivery. */
  jobs(id: string): Promise<Json[]>;
}

export async function startNotifier(
  options: {
    readonly limits?: Partial<DeliveryLimits>;
    readonly timeoutMs?: number;
    readonly adapt?: (vendors: Vendors) => Vendors;
  } = {},
): Promise<NotifierFixture> {
  const { limits = {}, timeoutMs = 1_000, adapt = (vendors) => vendors } = options;
  const [sandbox, database] = await Promise.all([startSandbox(), createNotificationDatabase()]);
  const { db, pool } = database;
  const sealer = createSealer(randomBytes(32).toString('base64'));
  const wishes = new Map<string, Preferences>();
  const undeliverable: Destination[] = [];
  const clock = { now: new Date() };
  const now = () => clock.now;
  const notifier = createNotifier({ sealer, now });
  const handlers = createNotificationHandlers({
    db,
    sealer,
    log,
    now,
    limits,
    vendors: adapt(createVendors(sandbox.config, { now, timeoutMs })),
    findPreferences: async (userId) => wishes.get(userId) ?? null,
    onUndeliverable: async (destination) => void undeliverable.push(destination),
  });
  return {
    sandbox,
    database,
    sealer,
    notifier,
    wishes,
    undeliverable,
    get now() {
      return clock.now;
    },
    set now(at: Date) {
      clock.now = at;
    },
    enqueue: (notification) => db.$transaction((tx) => notifier.enqueue(tx, notification)),
    run: async (deliveryId) =>
      handlers[sendNotificationTask]!({ deliveryId }).then(
        () => null,
        (error: Error) => error,
      ),
    row: async (id) => (await pool.query('select * from notification_delivery where id = $1', [id])).rows[0],
    jobs: async (id) =>
      (
        await pool.query(
          `select run_at, attempts from graphile_worker._private_jobs where payload->>'deliveryId' = $1`,
          [id],
        )
      ).rows,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

let last = 100_000;

/** A number that no other test uses. */
export function newPhoneNumber(): string {
  last += 1;
  return `+919870${last}`;
}

export function otpTo(to: string, more: Partial<Notification<'otp-login'>> = {}): Notification<'otp-login'> {
  return {
    cause: `otp:${randomBytes(8).toString('hex')}`,
    template: 'otp-login',
    channel: 'SMS',
    to,
    locale: 'en',
    variables: { code: '482913', minutes: 10 },
    ...more,
  };
}

export function orderTo(
  to: string,
  more: Partial<Notification<'order-status'>> = {},
): Notification<'order-status'> {
  return {
    cause: `event:${randomBytes(8).toString('hex')}`,
    template: 'order-status',
    channel: 'SMS',
    to,
    locale: 'en',
    variables: { orderNumber: 'ORD-7', status: 'SHIPPED', link: 'https://suvidha.example/orders/7' },
    ...more,
  };
}
