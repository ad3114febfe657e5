import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Gateways have the first processor for themselves; subgraphs and the load generator share the second. */
export const GATEWAY_CPU = 0;
export const LOAD_CPU = 1;

/** Of the benchmark that runs: it has its peers in a package of its own. */
const packageFolder = process.cwd();
const canPin = spawnSync('taskset', ['--version']).status === 0;

/** Starts a program of the benchmark's package on one processor, where the system can pin. */
export function startPinned(cpu: number, args: readonly string[]): ChildProcess {
  const command = canPin ? ['taskset', '-c', String(cpu), process.execPath] : [process.execPath];
  const [program = '', ...rest] = [...command, ...args];
  return spawn(program, rest, {
    cwd: packageFolder,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Runs a program to its end and returns what it printed. */
export async function runPinned(cpu: number, args: readonly string[]): Promise<string> {
  const child = startPinned(cpu, args);
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return output;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  return address.port;
}

/** Waits until something answers there. */
export async function waitFor(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    if (child.exitCode !== null)
      throw new Error(`${url} will not come: its process ended with ${child.exitCode}`);
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  throw new Error(`${url} does not answer`);
}

/** Most memory that the process has had resident, in MiB. */
export function peakMemoryMiB({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
