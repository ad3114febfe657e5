import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { startJobWorker } from '@suvidha/jobs';
import { createSealer } from '@suvidha/seal';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createNotificationHandlers,
  createNotifier,
  createVendors,
  type Notification,
  type NotificationConfig,
} from '../src/index.ts';
import { createNotificationDatabase, log, type NotificationDatabase } from './database.fixture.ts';
import { newPhoneNumber, orderTo } from './notifier.fixture.ts';
import { type Json, startSandbox, type TestSandbox } from './sandbox.fixture.ts';
import type { SenderOptions, Stage } from './sender.process.ts';

const masterKey = randomBytes(32).toString('base64');
const sealer = createSealer(masterKey);
const now = () => new Date();

let sandbox: TestSandbox;
let database: NotificationDatabase;

beforeAll(async () => {
  [sandbox, database] = await Promise.all([startSandbox(), createNotificationDatabase()]);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

/** A process that works on the jobs, stands still at one point and dies there. */
async function killAt(stage: Stage, config: NotificationConfig): Promise<void> {
  const options: SenderOptions = { url: database.url, masterKey, config, stage };
  await using sender = forkSender(options);
  await once(sender, 'message');
  sender.kill('SIGKILL');
  await once(sender, 'exit');
}

function forkSender(options: SenderOptions): ChildProcess & AsyncDisposable {
  const child = fork(new URL('sender.process.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return Object.assign(child, {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
}

/** Another process, as it starts when one has died: works until the message is sent and no job is left. */
async function recover(id: string, config: NotificationConfig): Promise<void> {
  const { db, pool } = database;
  const vendors = createVendors(config, { now });
  const findPreferences = async () => null;
  const handlers = createNotificationHandlers({ db, sealer, log, now, vendors, findPreferences });
  const worker = await startJobWorker({ pool, log, handlers });
  try {
    await vi.waitFor(
      async () => {
        const jobs = await pool.query('select from graphile_worker._private_jobs');
        const { status } = await db.notificationDelivery.findUniqueOrThrow({ where: { id } });
        expect({ jobs: jobs.rowCount, status }).toEqual({ jobs: 0, status: 'SENT' });
      },
      { timeout: 30_000, interval: 50 },
    );
  } finally {
    await worker.stop();
  }
}

async function enqueue(notification: Notification<'order-status'>): Promise<string> {
  const notifier = createNotifier({ sealer, now });
  const id = await database.db.$transaction((tx) => notifier.enqueue(tx, notification));
  return id ?? '';
}

/** A mail that went out twice has one Message-ID, by which programs show it once. */
async function expectOneMessageId(id: string): Promise<void> {
  const mails: Json[] = await sandbox.control('GET', '/mails');
  const ids = mails.map(({ messageId }) => messageId).filter((messageId) => messageId.includes(id));
  expect(new Set(ids).size).toBe(1);
}

/** One vendor per run. When it had the message already: exactly one where it can be asked, else two. */
const vendors = {
  TWILIO: { channel: 'SMS', to: newPhoneNumber, whenTaken: 1 },
  MSG91: { channel: 'SMS', to: newPhoneNumber, whenTaken: 2 },
  SMTP: { channel: 'EMAIL', to: () => `m${randomBytes(4).toString('hex')}@example.com`, whenTaken: 2 },
  FCM: { channel: 'PUSH', to: () => `app-${randomBytes(8).toString('hex')}`, whenTaken: 2 },
} as const;

type VendorName = keyof typeof vendors;

/** Where MSG91 is to send, Twilio refuses. */
function toConfig(vendor: VendorName): NotificationConfig {
  const { config } = sandbox;
  if (vendor === 'TWILIO') return { ...config, msg91: { ...config.msg91, authKey: undefined } };
  if (vendor === 'MSG91') return { ...config, twilio: { ...config.twilio, authToken: 'not accepted' } };
  return config;
}

/** Sends by one vendor, killed at one point and taken up by another process; answers how many messages arrived. */
async function sendThroughCrash(vendor: VendorName, stage: Stage): Promise<number> {
  const { channel, to: createAddress } = vendors[vendor];
  const to = createAddress();
  const id = await enqueue(orderTo(to, { channel }));
  await killAt(stage, toConfig(vendor));
  await recover(id, toConfig(vendor));
  if (channel === 'EMAIL') await expectOneMessageId(id);
  return (await sandbox.inbox(to)).length;
}

describe('a sender killed with -9', () => {
  it.each(['TWILIO', 'SMTP'] as const)('before the call loses nothing and sends once: %s', async (vendor) => {
    expect(await sendThroughCrash(vendor, 'before the call')).toBe(1);
  });

  it.each(Object.entries(vendors))(
    'before the answer is stored loses nothing and shows one duplicate at most: %s',
    async (vendor, { whenTaken }) => {
      const count = await sendThroughCrash(vendor as VendorName, 'before the answer is stored');
      expect(count).toBe(whenTaken);
    },
  );

  it.each(['TWILIO', 'SMTP'] as const)('after the answer is stored sends once: %s', async (vendor) => {
    expect(await sendThroughCrash(vendor, 'after the answer is stored')).toBe(1);
  });
});
