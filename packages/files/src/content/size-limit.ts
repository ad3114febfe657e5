import { FileError } from '../file.error.ts';
import type { ContentObserver } from './content-observer.ts';

/** Counts a content's bytes and stops it at the first one too many. */
export class SizeLimit implements ContentObserver {
  readonly #maxBytes: number;
  #byteLength = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** @throws FileError `FILE_TOO_LARGE` */
  push(bytes: Buffer): void {
    this.#byteLength += bytes.length;
    if (this.#byteLength > this.#maxBytes) throw new FileError('FILE_TOO_LARGE');
  }

  /** @throws FileError `FILE_EMPTY` */
  end(): void {
    if (this.#byteLength === 0) throw new FileError('FILE_EMPTY');
  }
}
