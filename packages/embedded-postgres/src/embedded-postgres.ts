import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@suvidha/log';
import { loadBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { toUrl } from './connection.ts';
import { DataDirectoryInUseError, EmbeddedPostgresError } from './embedded-postgres.errors.ts';
import { createLayout, defaultSharedDirectory, type LayoutOptions } from './layout.ts';
import { type Ownership, takeOwnership } from './ownership.ts';
import type { Postmaster } from './postmaster.ts';
import { ensureServer, type ServerOptions, stopServer } from './server.ts';
import { createSocketDirectory } from './socket-directory.ts';

export interface EmbeddedPostgresOptions {
  /** The server's data directory; created when absent. */
  readonly directory: string;
  readonly log: Log;
  /** Whether data may be lost when the machine, not only the server, dies (`fsync` off): for tests. Default false. */
  readonly fast?: boolean;
  /** Whether `stop` leaves the server running for the next owner. Default false. */
  readonly keepAliveAfterStop?: boolean;
  /**
   * Called when the server was lost and can't be brought back, or belongs to another instance by now. Without it the
   * loss is only logged, and queries fail.
   */
  readonly onLost?: (error: Error) => void;
  /** How to run when we are root; see `createLayout`. Default `auto`. */
  readonly privileges?: LayoutOptions['privileges'];
  /** See `createLayout`. Default `/var/lib/suvidha-postgres`. */
  readonly sharedDirectory?: string;
}

/** A PostgreSQL server that this process owns. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** Address of a database of this server, over a Unix socket; it stays the same when the server is restarted. */
  url(database: string): string;
  /** Stops the server, or only gives up owning it. The second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on the data directory, or adopts the server that an owner which was killed has left running there,
 * and keeps it running: when the server dies it is started again.
 *
 * @throws DataDirectoryInUseError when a live process owns the server
 * @throws EmbeddedPostgresError with the reason why it can't run
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { privileges = 'auto', sharedDirectory = defaultSharedDirectory(), fast = false } = options;
  const binaries = await loadBinaries();
  const layout = await createLayout({ ...options, binaries, privileges, sharedDirectory });
  await ensureCluster(layout, { fast });
  const socketDirectory = await createSocketDirectory(layout);
  const server = new OwnedServer(options, { layout, socketDirectory, fast, log: options.log });
  const postmaster = await server.start();
  return {
    url: (database) => toUrl(postmaster, database),
    stop: () => server.stop(),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** How long `stop` waits for a server that is being brought back, so as to stop it too. */
const recoveryPatienceMs = 10_000;

/** Keeps a server running and owned from start to stop. */
class OwnedServer {
  readonly #options: EmbeddedPostgresOptions;
  #server: ServerOptions;
  readonly #closing = new AbortController();
  #ownership: Ownership | null = null;
  #recovery: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  constructor(options: EmbeddedPostgresOptions, server: Omit<ServerOptions, 'signal'>) {
    this.#options = options;
    this.#server = { ...server, signal: this.#closing.signal };
  }

  async start(): Promise<Postmaster> {
    const { postmaster, ownership } = await this.#acquire();
    this.#ownership = ownership;
    // An adopted server has its socket where its first owner put it, and keeps it there when it is started again.
    this.#server = { ...this.#server, socketDirectory: postmaster.socketDirectory };
    this.#server.log.info({ pid: postmaster.pid }, 'PostgreSQL accepts connections');
    ownership.onLost(() => {
      this.#ownership = null;
      if (this.#stopped === null) this.#recovery = this.#recover();
    });
    return postmaster;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** A server may go away between its start and our lock, when its owner stops it just then: start anew. */
  async #acquire(): Promise<{ postmaster: Postmaster; ownership: Ownership }> {
    for (;;) {
      this.#closing.signal.throwIfAborted();
      const postmaster = await ensureServer(this.#server);
      const ownership = await takeOwnership(postmaster);
      if (ownership === 'refused') throw new DataDirectoryInUseError(this.#options.directory);
      if (ownership !== 'lost') return { postmaster, ownership };
    }
  }

  async #recover(): Promise<void> {
    const { log } = this.#server;
    log.warn('PostgreSQL went away: bringing it back');
    try {
      await this.start();
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const lost = toError(error);
      log.error({ error: lost }, lost instanceof EmbeddedPostgresError ? lost.message : 'PostgreSQL is lost');
      this.#options.onLost?.(lost);
    }
  }

  async #stop(): Promise<void> {
    await Promise.race([this.#recovery, delay(recoveryPatienceMs, undefined, { ref: false })]);
    this.#closing.abort();
    await this.#recovery;
    const ownership = this.#ownership;
    this.#ownership = null;
    if (ownership === null) return;
    const { layout, log } = this.#server;
    if (this.#options.keepAliveAfterStop !== true) await stopServer(layout.dataDirectory, log);
    await ownership.release();
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('PostgreSQL is lost', { cause: error });
}
