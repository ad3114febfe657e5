import type { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';

/** Bytes that belong together on the wire. */
export type Chunk = readonly Buffer[];

/** `state`: the next one makes it obsolete. `event`: it must not be lost. `end`: the last of its operation. */
export type ChunkKind = 'state' | 'event' | 'end';

interface Waiting {
  readonly chunk: Chunk;
  readonly kind: ChunkKind;
}

/** Bytes handed to the wire and not taken by it, from which on everything waits with us. */
const congestedBytes = 256 * 1024;
/** Bytes that may wait for one client; then states make way for newer ones, and events mean lag. */
const maxWaitingBytes = 256 * 1024;
/** Chunks of one operation that may wait. */
const maxWaitingChunks = 128;

/**
 * The way to one client, with bounded memory: what a congested wire does not take waits by operation. When too much
 * waits, a status stream keeps only its newest state; any other stream has lagged.
 */
export class Outlet<Operation> {
  readonly #wire: Writable;
  readonly #connection: EventEmitter;
  readonly #waiting = new Map<Operation, Waiting[]>();
  #waitingBytes = 0;
  #isCorked = false;
  #onEmpty: (() => void) | undefined;
  #congestedAt: number | undefined;

  readonly #drain = (): void => {
    this.#congestedAt = undefined;
    for (const [operation, items] of this.#waiting) {
      while (items.length > 0 && !this.isCongested) this.#sendFirst(items);
      if (items.length === 0) this.#waiting.delete(operation);
      if (this.isCongested) break;
    }
    this.flush();
    if (this.isEmpty) this.#tellEmpty();
  };

  /** @param connection tells when it has taken everything; a response, unlike a socket, does not while it is corked. */
  constructor(wire: Writable, connection: EventEmitter = wire) {
    this.#wire = wire;
    this.#connection = connection;
    connection.on('drain', this.#drain);
  }

  /** The wire is used for something else, or gone. */
  dispose(): void {
    this.#connection.off('drain', this.#drain);
  }

  /** How long the wire has taken nothing, in milliseconds. */
  get stalledMs(): number {
    return this.#congestedAt === undefined ? 0 : performance.now() - this.#congestedAt;
  }

  get isCongested(): boolean {
    const isCongested = this.#wire.writableLength > congestedBytes;
    if (isCongested) this.#congestedAt ??= performance.now();
    return isCongested;
  }

  /** Whether nothing waits here: the client reads, or has not been sent more than the wire may hold. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /**
   * What comes while anything waits has to wait too: a wire that is filled up again before it is empty never says that
   * it is.
   * @returns false when the operation has lagged: nothing of it is kept.
   */
  write(operation: Operation, chunk: Chunk, kind: ChunkKind): boolean {
    if (this.isEmpty && !this.isCongested) {
      this.#send(chunk);
      return true;
    }
    return this.#keep(operation, { chunk, kind });
  }

  /** Hands what was written since the last time to the system, at once. */
  flush(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#wire.uncork();
  }

  /** Calls the listener once, when nothing waits, which may be now; an earlier one is forgotten. */
  whenEmpty(listener: () => void): void {
    this.#onEmpty = listener;
    if (this.isEmpty) this.#tellEmpty();
  }

  /** Forgets what waits for an operation. */
  drop(operation: Operation): void {
    for (const { chunk } of this.#waiting.get(operation) ?? []) this.#waitingBytes -= sizeOf(chunk);
    this.#waiting.delete(operation);
  }

  #tellEmpty(): void {
    const listener = this.#onEmpty;
    this.#onEmpty = undefined;
    listener?.();
  }

  #send(chunk: Chunk): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#wire.cork();
    }
    for (const bytes of chunk) this.#wire.write(bytes);
  }

  #keep(operation: Operation, item: Waiting): boolean {
    const items = this.#waiting.get(operation) ?? [];
    const size = sizeOf(item.chunk);
    const isFull = items.length >= maxWaitingChunks || this.#waitingBytes + size > maxWaitingBytes;
    if (isFull && item.kind !== 'end') this.drop(operation);
    if (isFull && item.kind === 'event') return false;
    const kept = this.#waiting.get(operation) ?? [];
    kept.push(item);
    this.#waiting.set(operation, kept);
    this.#waitingBytes += size;
    return true;
  }

  #sendFirst(items: Waiting[]): void {
    const first = items.shift();
    if (!first) return;
    this.#waitingBytes -= sizeOf(first.chunk);
    this.#send(first.chunk);
  }
}

function sizeOf(chunk: Chunk): number {
  return chunk.reduce((sum, bytes) => sum + bytes.length, 0);
}
