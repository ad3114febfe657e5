import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensureDatabase } from '@suvidha/db';
import { startEmbeddedPostgres } from '@suvidha/embedded-postgres';
import { createLog } from '@suvidha/log';

/** Runs `fn` with a server of its own whose commits reach the disk (`synchronous_commit` and `fsync` are on). */
export async function withServer<T>(
  fn: (toUrl: (name: string) => Promise<string>) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'suvidha-bench-'));
  await chmod(home, 0o755);
  const server = await startEmbeddedPostgres({
    directory: path.join(home, 'postgres'),
    log: createLog({ service: 'postgres', level: 'error' }),
  });
  const toUrl = async (name: string) => {
    await ensureDatabase(server.url(name));
    return server.url(name);
  };
  try {
    return await fn(toUrl);
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}
