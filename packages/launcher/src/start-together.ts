import type { Running } from '@suvidha/process';

/** Where a start notes each part it has started. */
export type Started = <Part extends Running>(part: Part) => Part;

/**
 * Runs a start of several parts. `stop()` stops them, the last first; and when one cannot start, those before it are
 * stopped before the error goes on.
 */
export async function startTogether<Result extends object>(
  start: (started: Started) => Promise<Result>,
): Promise<Result & Running> {
  const parts: Running[] = [];
  const stop = async () => {
    for (const part of parts.toReversed()) await part.stop();
  };
  try {
    const result = await start((part) => {
      parts.push(part);
      return part;
    });
    return { ...result, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
