import { createHash } from 'node:crypto';
import { FileError } from '../file.error.ts';
import type { ContentObserver } from './content-observer.ts';

/** Computes a content's SHA-256 and compares it with what the sender says it is. */
export class Checksum implements ContentObserver {
  readonly #expected: string | null;
  readonly #hash = createHash('sha256');
  #sha256 = '';

  /** @param expected in hex, or null for none */
  constructor(expected: string | null) {
    this.#expected = expected;
  }

  /** In hex. Known once the content has ended. */
  get sha256(): string {
    return this.#sha256;
  }

  push(bytes: Buffer): void {
    this.#hash.update(bytes);
  }

  /** @throws FileError `FILE_CHECKSUM_MISMATCH` */
  end(): void {
    this.#sha256 = this.#hash.digest('hex');
    if (this.#expected !== null && this.#expected !== this.#sha256) {
      throw new FileError('FILE_CHECKSUM_MISMATCH');
    }
  }
}
