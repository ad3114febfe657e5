import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@suvidha/log';
import { canConnect } from './connection.ts';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';
import { findPostmaster, isPostmaster, type Postmaster, removeStaleLockFile } from './postmaster.ts';
import { type ServerProcess, type ServerProcessOptions, startServerProcess } from './server-process.ts';

export interface ServerOptions extends ServerProcessOptions {
  /** Ends the waiting for a server that does not come. */
  readonly signal: AbortSignal;
}

/** Recovery after a crash reads up to `max_wal_size` of log, which takes a slow disk this long at worst. */
const startTimeoutMs = 120_000;
const pollIntervalMs = 20;

interface ShutdownMode {
  readonly signal: NodeJS.Signals;
  readonly timeoutMs: number;
}

/** https://www.postgresql.org/docs/18/server-shutdown.html: clients are disconnected and data is written. */
const fastShutdown: ShutdownMode = { signal: 'SIGINT', timeoutMs: 20_000 };
/** Ends at once; the next start recovers from the log. */
const immediateShutdown: ShutdownMode = { signal: 'SIGQUIT', timeoutMs: 10_000 };

/** A server that finds another one, or the last processes of a killed one, on its data directory ends with these. */
const lostRace = /lock file .* already exists|lock file .* is empty|bogus data in lock file|still in use/;

/**
 * Makes sure that a server runs on the cluster and accepts connections: the one that runs already, such as the orphan of
 * an owner that was killed, or a new one.
 *
 * @throws EmbeddedPostgresError when it can't be started; the signal's reason when aborted
 */
export async function ensureServer(options: ServerOptions): Promise<Postmaster> {
  const { dataDirectory } = options.layout;
  const deadline = performance.now() + startTimeoutMs;
  let started: ServerProcess | null = null;
  while (performance.now() < deadline) {
    const postmaster = await findPostmaster(dataDirectory);
    if (postmaster?.isReady && (await canConnect(postmaster))) return postmaster;
    if (postmaster === null && (started === null || started.end !== null)) {
      assertMayStartAgain(started, dataDirectory);
      await removeStaleLockFile(dataDirectory);
      started = await startServerProcess(options);
    }
    await delay(pollIntervalMs, undefined, { signal: options.signal });
  }
  throw startFailed(dataDirectory, 'it does not accept connections');
}

/** It may when somebody stopped the server we started, or when another one still held the data directory. */
function assertMayStartAgain(started: ServerProcess | null, dataDirectory: string): void {
  if (started?.end?.reason !== 'failed' || lostRace.test(started.end.message)) return;
  throw startFailed(dataDirectory, started.end.message);
}

function startFailed(dataDirectory: string, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'POSTGRES_START_FAILED',
    `PostgreSQL could not start on ${dataDirectory}: ${reason}.`,
  );
}

/**
 * Stops the server: politely, then at once.
 *
 * @throws EmbeddedPostgresError `POSTGRES_STOP_FAILED` when it runs on after both
 */
export async function stopServer(dataDirectory: string, log: Log): Promise<void> {
  const postmaster = await findPostmaster(dataDirectory);
  if (postmaster === null) return;
  if (await endProcess(postmaster.pid, dataDirectory, fastShutdown)) return;
  log.warn({ dataDirectory }, 'PostgreSQL did not stop in time: stopping it at once');
  if (await endProcess(postmaster.pid, dataDirectory, immediateShutdown)) return;
  throw new EmbeddedPostgresError(
    'POSTGRES_STOP_FAILED',
    `PostgreSQL (process ${postmaster.pid}) does not stop: end that process before the next start.`,
  );
}

/** Sends the signal and waits; answers whether the process is gone. */
async function endProcess(pid: number, dataDirectory: string, mode: ShutdownMode): Promise<boolean> {
  if (!(await isPostmaster(pid, dataDirectory))) return true;
  process.kill(pid, mode.signal);
  const deadline = performance.now() + mode.timeoutMs;
  while (performance.now() < deadline) {
    if (!(await isPostmaster(pid, dataDirectory))) return true;
    await delay(pollIntervalMs);
  }
  return false;
}
