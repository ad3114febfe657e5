import { Logger } from 'graphile-worker';

/**
 * graphile-worker logs payloads of failed jobs and error texts; ours logs failures itself, without them.
 */
export const quiet = new Logger(() => () => undefined);
