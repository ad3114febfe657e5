// A process that owns a server until it is killed: prints one line when the server runs.
import { createLog } from '@suvidha/log';
import { startEmbeddedPostgres } from '../src/index.ts';

const [directory = ''] = process.argv.slice(2);
await startEmbeddedPostgres({ directory, log: createLog({ service: 'owner', level: 'silent' }), fast: true });
process.stdout.write('ready\n');
