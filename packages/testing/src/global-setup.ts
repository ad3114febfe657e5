import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '@suvidha/embedded-postgres';
import { createLog } from '@suvidha/log';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the database `postgres` on the server of this test run. */
    postgresUrl: string;
  }
}

/** Starts one PostgreSQL for the whole run, in a temporary folder; answers what removes both. */
export default async function startTestServer(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'suvidha-test-'));
  // Root's server may run as another user, who must be able to enter.
  await chmod(home, 0o755);
  const server = await startEmbeddedPostgres({
    directory: path.join(home, 'postgres'),
    sharedDirectory: path.join(home, 'shared'),
    log: createLog({ service: 'postgres', level: 'error' }),
    fast: true,
  });
  project.provide('postgresUrl', server.url('postgres'));
  return async () => {
    await server.stop();
    await rm(home, { recursive: true });
  };
}
