import { createPool } from '@suvidha/db';
import { createLog } from '@suvidha/log';
import { startJobWorker } from '../src/index.ts';

/** A worker that takes a job and never gives it back, to be killed. Its only argument is the database. */
const log = createLog({ service: 'doomed', level: 'silent' });
const pool = createPool(String(process.argv[2]), { applicationName: 'doomed', max: 12, log });
await startJobWorker({
  pool,
  log,
  handlers: {
    stuck: async () => {
      process.send?.('started');
      await new Promise(() => undefined);
    },
  },
});
process.send?.('ready');
