import { FileError } from '../file.error.ts';

/** Bytes as they arrive, for a parser that asks for them; never more of them are kept than it asked for. */
export class ByteFeed {
  #pending: Buffer = Buffer.alloc(0);
  #isEnded = false;

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** What has arrived and was not taken yet. */
  get available(): Buffer {
    return this.#pending;
  }

  append(bytes: Buffer): void {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
  }

  end(): void {
    this.#isEnded = true;
  }

  drop(count: number): void {
    this.#pending = this.#pending.subarray(count);
  }
}

/** A step of a parser: it yields while it waits for more bytes. */
export type Parsing<T> = Generator<void, T, void>;

/**
 * The next bytes, which stay there.
 * @throws FileError `FILE_MALFORMED` when the content ends before
 */
export function* peek(feed: ByteFeed, count: number): Parsing<Buffer> {
  while (feed.available.length < count) yield* more(feed);
  return feed.available.subarray(0, count);
}

/** @throws FileError `FILE_MALFORMED` when the content ends before */
export function* take(feed: ByteFeed, count: number): Parsing<Buffer> {
  const taken = yield* peek(feed, count);
  feed.drop(count);
  return taken;
}

/** @throws FileError `FILE_MALFORMED` when the content ends before */
export function* skip(feed: ByteFeed, count: number): Parsing<void> {
  for (let left = count; left > 0; ) {
    if (feed.available.length === 0) yield* more(feed);
    const step = Math.min(left, feed.available.length);
    feed.drop(step);
    left -= step;
  }
}

/** Skips to the next byte of this value and leaves it there. */
export function* skipTo(feed: ByteFeed, value: number): Parsing<void> {
  for (let index = feed.available.indexOf(value); index !== 0; index = feed.available.indexOf(value)) {
    feed.drop(index === -1 ? feed.available.length : index);
    if (feed.available.length === 0) yield* more(feed);
  }
}

function* more(feed: ByteFeed): Parsing<void> {
  if (feed.isEnded) throw new FileError('FILE_MALFORMED');
  yield;
}
