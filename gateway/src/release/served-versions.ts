import { setTimeout as delay } from 'node:timers/promises';
import type { ServedVersions } from '@suvidha/auth';
import type { Log } from '@suvidha/log';
import { anonymousClient } from '../auth/client-identity.ts';
import type { Pipeline } from '../pipeline/pipeline.types.ts';

/** Reads which versions of the client apps are served. */
export type ReadServedVersions = () => Promise<readonly ServedVersions[]>;

/** How long a change may take to be heard of, in milliseconds. */
const intervalMs = 5_000;

const query = '{ clientReleases { app platform minimumVersion recommendedVersion downloadUrl } }';

/** Asks our own graph, as any client could. */
export function createVersionReader(pipeline: Pipeline): ReadServedVersions {
  return async () => {
    const caller = { identity: anonymousClient, requestId: 'client-releases' };
    const text = await pipeline.answer({ query, variables: {} }, caller);
    const { data } = JSON.parse(text ?? '{}') as { data?: { clientReleases?: unknown } | null };
    const releases = data?.clientReleases;
    if (!Array.isArray(releases)) throw new Error('which versions are served cannot be read');
    return releases as ServedVersions[];
  };
}

/**
 * Follows which versions are served. What cannot be read stays as it was, and before it was ever read every version is
 * served: an outage of identity must not shut out everybody.
 */
export class ServedVersionList {
  readonly #closed = new AbortController();
  #versions: readonly ServedVersions[] = [];

  constructor(read: ReadServedVersions, log: Log) {
    void this.#follow(read, log);
  }

  find(app: string, platform: string): ServedVersions | undefined {
    return this.#versions.find((served) => served.app === app && served.platform === platform);
  }

  close(): void {
    this.#closed.abort();
  }

  async #follow(read: ReadServedVersions, log: Log): Promise<void> {
    let isFollowed = true;
    while (!this.#closed.signal.aborted) {
      try {
        this.#versions = await read();
        isFollowed = true;
      } catch (error) {
        if (isFollowed && !this.#closed.signal.aborted)
          log.warn({ error }, 'which client versions are served cannot be read');
        isFollowed = false;
      }
      await delay(intervalMs, undefined, { ref: false, signal: this.#closed.signal }).catch(() => undefined);
    }
  }
}
