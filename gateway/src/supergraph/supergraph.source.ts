import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { StartError } from '@suvidha/process';

/** Where the supergraph comes from, now and later. */
export interface SupergraphSource {
  /** The supergraph to start with. */
  readonly initial: string;
  /** Calls the listener with each later one. @returns stops that. */
  watch(listener: (supergraphSdl: string) => void): () => void;
}

/** How often a file is looked at, in milliseconds. Polling sees files that are replaced, not only rewritten. */
const defaultPollIntervalMs = 1_000;

/**
 * A supergraph file, followed while it changes.
 * @throws StartError that names the file when it cannot be read.
 */
export async function openSupergraphFile(
  file: string,
  pollIntervalMs = defaultPollIntervalMs,
): Promise<SupergraphSource> {
  let last = await readFile(file, 'utf8').catch(() => {
    throw new StartError(`The supergraph file ${file} cannot be read: check the path.`);
  });
  return {
    initial: last,
    watch: (listener) => {
      const look = async () => {
        // A file that is just being replaced is there again at the next look.
        const text = await readFile(file, 'utf8').catch(() => last);
        if (text === last) return;
        last = text;
        listener(text);
      };
      watchFile(file, { interval: pollIntervalMs }, look);
      return () => unwatchFile(file, look);
    },
  };
}

/** A supergraph that stays as it is. */
export function fixedSupergraph(supergraphSdl: string): SupergraphSource {
  return { initial: supergraphSdl, watch: () => () => undefined };
}
