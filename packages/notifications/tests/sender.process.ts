import { createPool } from '@suvidha/db';
import { startJobWorker } from '@suvidha/jobs';
import { createLog } from '@suvidha/log';
import { createSealer } from '@suvidha/seal';
import { createDb } from '../../../subgraphs/identity/src/db.ts';
import {
  createNotificationHandlers,
  createVendors,
  type NotificationConfig,
  sendNotificationTask,
  type Vendors,
} from '../src/index.ts';

/** Where a process stands still, to be killed there. */
export type Stage = 'before the call' | 'before the answer is stored' | 'after the answer is stored';

export interface SenderOptions {
  readonly url: string;
  readonly masterKey: string;
  readonly config: NotificationConfig;
  readonly stage: Stage;
}

/** Says where it stands, and stays there. */
function stand(): Promise<never> {
  process.send?.('standing');
  return new Promise(() => undefined);
}

function adapt(vendors: Vendors, stage: Stage): Vendors {
  const stop = <V extends Vendors[keyof Vendors][number]>(vendor: V): V => ({
    ...vendor,
    send: async (message: never) => {
      if (stage === 'before the call') return stand();
      const id = await vendor.send(message);
      return stage === 'before the answer is stored' ? stand() : id;
    },
  });
  return {
    SMS: vendors.SMS.map(stop),
    EMAIL: vendors.EMAIL.map(stop),
    PUSH: vendors.PUSH.map(stop),
  };
}

const { url, masterKey, config, stage } = JSON.parse(String(process.argv[2])) as SenderOptions;
const log = createLog({ service: 'doomed', level: 'silent' });
const pool = createPool(url, { applicationName: 'doomed', max: 12, log });
const db = createDb(pool);
const now = () => new Date();
const handlers = createNotificationHandlers({
  db,
  sealer: createSealer(masterKey),
  log,
  now,
  vendors: adapt(createVendors(config, { now }), stage),
  findPreferences: async () => null,
});
await startJobWorker({
  pool,
  log,
  handlers: {
    [sendNotificationTask]: async (payload) => {
      await handlers[sendNotificationTask]?.(payload);
      await stand();
    },
  },
});
