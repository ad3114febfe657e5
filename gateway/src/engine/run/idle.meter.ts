import { performance } from 'node:perf_hooks';

/** Which share of the time since the last call the event loop had nothing to do: 0 (none) to 1 (all of it). */
export type ReadIdleShare = () => number;

/** Measures this process's event loop. */
export function createIdleMeter(): ReadIdleShare {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return 1 - utilization;
  };
}
