import type { SqlClient } from '@suvidha/db';
import { deleteAbandoned, findOwned, findUnpurged, markPurged } from '../file.queries.ts';
import type { ObjectStorage } from '../storage/object-storage.ts';
import { uploadTimeoutMs } from '../upload/content-receiver.ts';

const dayMs = 86_400_000;
/** How long a received upload waits to be completed. */
const completionMs = dayMs;
/** An object without a row may belong to an upload that is under way; not after a day. */
const orphanAgeMs = dayMs;
const batchSize = 500;

/** Removes what nobody can read any more. Everything here may run at any time, twice at once, and be cut short. */
export class FileSweeper {
  readonly #sql: SqlClient;
  readonly #storage: ObjectStorage;
  readonly #now: () => Date;

  constructor(sql: SqlClient, storage: ObjectStorage, now: () => Date) {
    this.#sql = sql;
    this.#storage = storage;
    this.#now = now;
  }

  /** Uploads that were never completed, objects of deleted files, objects that belong to no file. */
  async sweep(): Promise<void> {
    await deleteAbandoned(this.#sql, {
      unreceivedBefore: this.#ago(2 * uploadTimeoutMs),
      receivedBefore: this.#ago(completionMs),
    });
    await this.purge();
    await this.#storage.removeUnfinished(this.#ago(orphanAgeMs));
    await this.#removeOrphans();
  }

  /** Removes the objects of deleted files. */
  async purge(): Promise<void> {
    for (;;) {
      const batch = await findUnpurged(this.#sql, batchSize);
      for (const file of batch) {
        await this.#storage.delete(file.objectId);
        await markPurged(this.#sql, file);
      }
      if (batch.length < batchSize) return;
    }
  }

  async #removeOrphans(): Promise<void> {
    const before = this.#ago(orphanAgeMs);
    let batch: string[] = [];
    for await (const { objectId, modifiedAt } of this.#storage.list()) {
      if (modifiedAt < before) batch.push(objectId);
      if (batch.length < batchSize) continue;
      await this.#removeUnowned(batch);
      batch = [];
    }
    await this.#removeUnowned(batch);
  }

  async #removeUnowned(objectIds: readonly string[]): Promise<void> {
    const owned = await findOwned(this.#sql, objectIds);
    for (const objectId of objectIds) if (!owned.has(objectId)) await this.#storage.delete(objectId);
  }

  #ago(ms: number): Date {
    return new Date(this.#now().getTime() - ms);
  }
}
