import { Client, DatabaseError, escapeIdentifier } from 'pg';

/** `duplicate_database`, and the unique index behind it when two sessions create one at the same moment. */
const alreadyExists = ['42P04', '23505'];

/**
 * Creates the database that the address names, unless it exists; any number of processes may do so at once. It connects
 * to the database `postgres` of the same server, as a user that may create databases.
 */
export async function ensureDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  const name = decodeURIComponent(maintenance.pathname.slice(1));
  maintenance.pathname = '/postgres';
  const client = new Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await createDatabase(client, name);
  } finally {
    await client.end();
  }
}

async function createDatabase(client: Client, name: string): Promise<void> {
  try {
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof DatabaseError && alreadyExists.includes(error.code ?? ''))) throw error;
  }
}
