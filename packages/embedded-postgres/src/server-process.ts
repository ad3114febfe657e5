import { existsSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '@suvidha/log';
import type { Layout } from './layout.ts';
import { giveTo, spawnAs } from './server-user.ts';
import { port } from './socket-directory.ts';

export interface ServerProcessOptions {
  readonly layout: Layout;
  readonly socketDirectory: string;
  /** Data survives the death of the server but not of the machine: for tests. */
  readonly fast: boolean;
  readonly log: Log;
}

/** A server process that we started; it outlives us. */
export interface ServerProcess {
  /** Null while it runs; then whether it was stopped or failed, with the reason that it logged. */
  readonly end:
    | { readonly reason: 'stopped' }
    | { readonly reason: 'failed'; readonly message: string }
    | null;
}

/** Starts the server and does not wait until it accepts connections. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { layout, log } = options;
  const output = await openLog(layout);
  const args = ['-D', layout.dataDirectory, ...toArguments(createSettings(options))];
  const child = spawnAs(layout.user, path.join(layout.binaries, 'bin/postgres'), args, output.fd);
  child.unref();
  log.info(
    { dataDirectory: layout.dataDirectory, pid: child.pid, as: layout.user.kind },
    'Starting PostgreSQL',
  );
  const server: { end: ServerProcess['end'] } = { end: null };
  child.once('error', ({ message }) => {
    server.end = { reason: 'failed', message };
  });
  child.once('exit', async (code) => {
    const message = await readFatalMessage(output);
    server.end = code === 0 ? { reason: 'stopped' } : { reason: 'failed', message };
  });
  return server;
}

/** The log of the run before is kept, for it may hold the reason of a crash, and no more than that one. */
async function openLog({ dataDirectory, user }: Layout): Promise<FileHandle> {
  const file = path.join(dataDirectory, 'server.log');
  if (existsSync(file)) await rename(file, `${file}.1`).catch(() => undefined);
  const handle = await open(file, 'a+', 0o600);
  await giveTo(user, file);
  return handle;
}

async function readFatalMessage(output: FileHandle): Promise<string> {
  const { size } = await output.stat();
  const { buffer } = await output.read({ buffer: Buffer.alloc(size), position: 0 });
  await output.close();
  const line = buffer
    .toString()
    .split('\n')
    .findLast((text) => text.includes('FATAL:'));
  return line?.replace(/^.*FATAL:\s*/, '') ?? 'server.log in that folder may say why';
}

/** Statements and row values stay out of the server's log: they hold personal data. */
function createSettings({ socketDirectory, fast }: ServerProcessOptions): Record<string, string> {
  return {
    listen_addresses: '',
    port: String(port),
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: '0700',
    max_connections: '200',
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(fast ? { fsync: 'off', full_page_writes: 'off' } : {}),
  };
}

function toArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
