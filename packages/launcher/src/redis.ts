import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from '@suvidha/process';
import type { LauncherConfig } from './config.ts';

export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

const programs = ['valkey-server', 'redis-server'];

/** Runs a program for as long as our end of its standard input is open, which ends with us, however we end. */
const untilInputEnds = '"$0" "$@" & cat > /dev/null; kill "$!"; wait "$!"';

/** Uses the Redis that `REDIS_URL` names, or starts one that keeps nothing: all it holds may be lost. */
export async function startRedis({ redis }: LauncherConfig): Promise<RedisServer> {
  if (redis.url) return { url: redis.url, stop: async () => undefined };
  const port = await findFreePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('sh', ['-c', untilInputEnds, await findProgram(), ...settings], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  return { url: `redis://127.0.0.1:${port}`, stop: () => stop(server) };
}

async function findProgram(): Promise<string> {
  for (const program of programs) {
    const probe = spawn(program, ['--version'], { stdio: 'ignore' });
    // `once` rejects when the program is not there: the error event comes instead.
    if (await once(probe, 'exit').catch(() => false)) return program;
  }
  throw new StartError(
    'Separate services need Redis or Valkey for live events: install redis-server, or set REDIS_URL to one that runs.',
  );
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exited = once(server, 'exit');
  server.stdin?.end();
  await exited;
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
