import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { createClient } from './connection.ts';
import type { Postmaster } from './postmaster.ts';

/** Any constant of ours: the database `postgres` of an embedded server has no other user of advisory locks. */
const ownerLock = 7_284_842;

/** The server notices within milliseconds that an owner was killed; this allows for a busy machine. */
const patienceMs = 2_000;
const retryIntervalMs = 50;

/** Being the one process that may stop the server. It ends with the process, however the process ends. */
export interface Ownership {
  /** Called once when the connection that holds it is lost, and not when it is released. */
  onLost(listener: () => void): void;
  release(): Promise<void>;
}

/**
 * Takes the owner's lock, on a connection of its own.
 *
 * @returns `refused` when a live process holds it, `lost` when the server went away meanwhile
 */
export async function takeOwnership(postmaster: Postmaster): Promise<Ownership | 'refused' | 'lost'> {
  const client = createClient(postmaster);
  try {
    await client.connect();
    if (await tryLock(client)) return toOwnership(client);
    await client.end();
    return 'refused';
  } catch {
    await client.end().catch(() => undefined);
    return 'lost';
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
      ownerLock,
    ]);
    if (rows[0]?.held) return true;
    if (performance.now() > deadline) return false;
    await delay(retryIntervalMs);
  }
}

function toOwnership(client: Client): Ownership {
  let state: 'held' | 'lost' | 'released' = 'held';
  let notify = () => {};
  client.once('end', () => {
    if (state !== 'held') return;
    state = 'lost';
    notify();
  });
  return {
    onLost: (listener) => {
      notify = listener;
      if (state === 'lost') listener();
    },
    release: async () => {
      state = 'released';
      await client.end().catch(() => undefined);
    },
  };
}
