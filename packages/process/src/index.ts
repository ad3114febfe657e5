/** Something that runs until it is stopped. */
export interface Running {
  /** Lets the work in hand finish and closes everything. */
  stop(): Promise<void>;
}

/** A start that failed for a reason the operator can mend; its message is one sentence that says how. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/** How long a stop may take before the process leaves anyway, in milliseconds. */
const stopTimeoutMs = 25_000;

/**
 * Runs a process: starts it, says in one sentence why it cannot start, and stops it on SIGTERM or SIGINT. A second
 * signal ends it at once.
 */
export async function runProcess(start: () => Promise<Running>): Promise<void> {
  const isStopRequested = Promise.withResolvers<void>();
  const onSignal = () => isStopRequested.resolve();
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  // A child of the launcher: when the launcher dies, however it dies, nobody is left to stop us.
  if (process.channel) process.once('disconnect', onSignal);
  try {
    const running = await start();
    await isStopRequested.promise;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    await running.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'The process failed.';
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is in use: stop what listens there or choose another port.`;
  return ['StartError', 'ConfigError'].includes(error.name) ? error.message : (error.stack ?? error.message);
}
