/** An object that was listed. */
export interface ListedObject {
  readonly objectId: string;
  readonly modifiedAt: Date;
}

/**
 * Where encrypted objects are kept. Their ids are UUIDs that we make ourselves, so no name of anybody's choice reaches a
 * path or a key.
 */
export interface ObjectStorage {
  /**
   * Stores an object whole or not at all: until this resolves nobody can open it. When `content` throws, or `signal`
   * aborts, nothing is left.
   */
  put(objectId: string, content: AsyncIterable<Buffer>, options: { signal: AbortSignal }): Promise<void>;
  /** @throws ObjectNotFoundError */
  open(objectId: string): Promise<AsyncIterable<Buffer>>;
  /** Does nothing when it is not there. */
  delete(objectId: string): Promise<void>;
  /** All objects, in any order. */
  list(): AsyncIterable<ListedObject>;
  /** Removes what is left of writes that began before `before` and never ended. */
  removeUnfinished(before: Date): Promise<void>;
  /** Whether it can be reached. */
  isReachable(): Promise<boolean>;
  /** Ends its connections. */
  close(): void;
}

export class ObjectNotFoundError extends Error {
  override readonly name = 'ObjectNotFoundError';
}
