import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@suvidha/log';
import { type Running, StartError } from '@suvidha/process';
import type { Env } from './config.ts';

/** One part of the product as a process of its own. */
export interface ServiceProcess {
  readonly name: string;
  /** Its `main.ts`. */
  readonly script: string;
  readonly env: Env;
  /** Where it says that it is ready. */
  readonly readyUrl: string;
}

const readyTimeoutMs = 60_000;
const restartDelayMs = 1_000;

/**
 * Starts a process and waits until it is ready. One that ends by itself later is started again. It ends with us,
 * however we end: it watches the channel between us.
 * @throws StartError when it cannot start; it has said why on standard error.
 */
export async function startService(service: ServiceProcess, log: Log): Promise<Running> {
  let isStopping = false;
  let child = spawnService(service);
  const watch = (): void => {
    child.once('exit', (code) => {
      if (isStopping) return;
      log.error({ part: service.name, exitCode: code }, 'a process ended by itself and is started again');
      setTimeout(() => {
        if (isStopping) return;
        child = spawnService(service);
        watch();
      }, restartDelayMs);
    });
  };
  await waitUntilReady(service, child);
  watch();
  return {
    stop: async () => {
      isStopping = true;
      await stopChild(child);
    },
  };
}

function spawnService({ script, env }: ServiceProcess): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', script], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function waitUntilReady({ name, readyUrl }: ServiceProcess, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (await isReady(readyUrl)) return;
    await delay(100);
  }
  await stopChild(child);
  throw new StartError(`The ${name} process did not start: its own message stands above.`);
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
