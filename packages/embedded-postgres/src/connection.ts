import { Client } from 'pg';
import { superuser } from './cluster.ts';
import type { Postmaster } from './postmaster.ts';

/** Address of a database; the port is there because `PGPORT` would otherwise decide. */
export function toUrl({ socketDirectory, port }: Postmaster, database: string): string {
  const host = encodeURIComponent(socketDirectory);
  return `postgresql://${superuser}@localhost:${port}/${encodeURIComponent(database)}?host=${host}&sslmode=disable`;
}

/** A client that is not connected yet. Its errors are for whoever awaits its queries, and never end the process. */
export function createClient(postmaster: Postmaster): Client {
  const client = new Client({
    connectionString: toUrl(postmaster, 'postgres'),
    application_name: 'suvidha-owner',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  return client;
}

/** Whether the server takes connections now: it does not yet while it recovers, and no more while it stops. */
export async function canConnect(postmaster: Postmaster): Promise<boolean> {
  const client = createClient(postmaster);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
