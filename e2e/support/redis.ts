import { spawnSync } from 'node:child_process';

/** Whether this machine has Redis or Valkey. Where CI says that it must, its absence fails instead of skipping. */
export function hasRedis(): boolean {
  const isThere = ['valkey-server', 'redis-server'].some((name) => !spawnSync(name, ['--version']).error);
  if (!isThere && process.env.CI) throw new Error('CI must have redis-server installed');
  return isThere;
}
