import type { ContentObserver } from '../content/content-observer.ts';
import { FileError } from '../file.error.ts';

/** What a virus scanner says. */
export interface ScanVerdict {
  readonly isInfected: boolean;
  /** The scanner's name for what it found. For the log. */
  readonly finding?: string;
}

/** One content on its way through a scanner. */
export interface Scan {
  push(bytes: Buffer): Promise<void>;
  finish(): Promise<ScanVerdict>;
  /** Ends it without a verdict; does nothing after {@link finish}. */
  abort(): void;
}

/** A virus scanner. When it fails, the content is not taken: it may be sent again later. */
export interface ContentScanner {
  start(): Promise<Scan>;
}

/** Lets a scanner see a content. */
export class ScanObserver implements ContentObserver {
  readonly #scan: Scan;
  readonly #onFinding: (finding: string | undefined) => void;

  constructor(scan: Scan, onFinding: (finding: string | undefined) => void) {
    this.#scan = scan;
    this.#onFinding = onFinding;
  }

  push(bytes: Buffer): Promise<void> {
    return this.#scan.push(bytes).catch(toUnavailable);
  }

  /** @throws FileError `FILE_INFECTED`, `FILE_SCANNER_UNAVAILABLE` */
  async end(): Promise<void> {
    const { isInfected, finding } = await this.#scan.finish().catch(toUnavailable);
    if (!isInfected) return;
    this.#onFinding(finding);
    throw new FileError('FILE_INFECTED');
  }
}

/** @throws FileError `FILE_SCANNER_UNAVAILABLE`, always */
export function toUnavailable(cause: unknown): never {
  throw new FileError('FILE_SCANNER_UNAVAILABLE', cause);
}
