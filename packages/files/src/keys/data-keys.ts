import { randomBytes } from 'node:crypto';
import { type SqlClient, uuidv7 } from '@suvidha/db';
import { FileError } from '../file.error.ts';
import type { MasterKeys, WrappedKey } from './master-keys.ts';

const dataKeyBytes = 32;
const rotationBatch = 100;

/** Whose files a key opens: all of a subject, or one. */
export interface KeyScope {
  readonly scope: `subject:${string}` | `file:${string}`;
  readonly subject: string;
}

/** The keys that encrypt files, in the subgraph's database, each wrapped by a master key that is not. */
export class DataKeys {
  readonly #sql: SqlClient;
  readonly #masterKeys: MasterKeys;

  constructor(sql: SqlClient, masterKeys: MasterKeys) {
    this.#sql = sql;
    this.#masterKeys = masterKeys;
  }

  /** The id of the scope's key, which is made when it is not there. Two callers at once get the same one. */
  async getOrCreate({ scope, subject }: KeyScope): Promise<string> {
    const known = await this.#find(scope);
    if (known) return known;
    const id = uuidv7();
    const { wrappedKey, masterKeyId } = await this.#masterKeys.wrap(id, randomBytes(dataKeyBytes));
    await this.#sql.$executeRaw`insert into file_key (id, scope, subject, wrapped_key, master_key_id)
      values (${id}::uuid, ${scope}, ${subject}, ${wrappedKey}, ${masterKeyId}) on conflict (scope) do nothing`;
    // Not there: it was destroyed between the two, so the scope needs a new one.
    return (await this.#find(scope)) ?? this.getOrCreate({ scope, subject });
  }

  /**
   * @throws FileError `FILE_NOT_FOUND` when the key was destroyed, and with it every file it opened
   */
  async open(id: string): Promise<Buffer> {
    const [row] = await this.#sql.$queryRaw<WrappedKey[]>`select wrapped_key as "wrappedKey",
        master_key_id as "masterKeyId" from file_key where id = ${id}::uuid and destroyed_at is null`;
    if (!row) throw new FileError('FILE_NOT_FOUND');
    return this.#masterKeys.unwrap(id, row);
  }

  /**
   * Wraps the keys of older master keys anew; files stay as they are. May run at any time and any number of times.
   * @returns how many keys it wrapped
   * @throws AggregateError after all others were wrapped, when some could not be: their master key is not here
   */
  async rotate(): Promise<number> {
    const failures: unknown[] = [];
    let count = 0;
    for (let batch = await this.#findOutdated(''); batch.length > 0; ) {
      for (const row of batch) {
        count += await this.#rewrap(row).catch((error: unknown) => {
          failures.push(error);
          return 0;
        });
      }
      batch = await this.#findOutdated(batch.at(-1)?.id ?? '');
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some file keys could not be wrapped anew');
    return count;
  }

  async #find(scope: string): Promise<string | undefined> {
    const rows = await this.#sql.$queryRaw<{ id: string }[]>`select id from file_key where scope = ${scope}`;
    return rows[0]?.id;
  }

  #findOutdated(after: string): Promise<(WrappedKey & { id: string })[]> {
    return this.#sql
      .$queryRaw`select id, wrapped_key as "wrappedKey", master_key_id as "masterKeyId" from file_key
      where master_key_id <> ${this.#masterKeys.currentId} and (${after} = '' or id::text > ${after})
      order by id::text limit ${rotationBatch}::int`;
  }

  /** Only if nobody destroyed or wrapped it meanwhile. */
  async #rewrap(row: WrappedKey & { id: string }): Promise<number> {
    const dataKey = await this.#masterKeys.unwrap(row.id, row);
    const { wrappedKey, masterKeyId } = await this.#masterKeys.wrap(row.id, dataKey);
    return this.#sql
      .$executeRaw`update file_key set wrapped_key = ${wrappedKey}, master_key_id = ${masterKeyId}
      where id = ${row.id}::uuid and wrapped_key = ${row.wrappedKey}`;
  }
}

/** Destroys all keys of a subject, in the caller's transaction. */
export async function destroyKeysOfSubject(tx: SqlClient, subject: string): Promise<void> {
  await tx.$executeRaw`update file_key
    set wrapped_key = null, master_key_id = null, scope = null, destroyed_at = now()
    where subject = ${subject} and destroyed_at is null`;
}

/** Destroys the key that is one file's own, if it has one, in the caller's transaction. */
export async function destroyKeyOfFile(tx: SqlClient, fileId: string): Promise<void> {
  await tx.$executeRaw`update file_key
    set wrapped_key = null, master_key_id = null, scope = null, destroyed_at = now()
    where scope = ${`file:${fileId}`} and destroyed_at is null`;
}
