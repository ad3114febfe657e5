import { timingSafeEqual } from 'node:crypto';
import type { Sealer } from '@suvidha/seal';

/** How long a link to an archive may be followed, in milliseconds. */
const lifetimeMs = 5 * 60_000;

export interface ArchiveLinkOptions {
  readonly sealer: Sealer;
  /** Address under which clients reach us. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** Makes and checks links to archives: whoever has one may fetch, for a short while. */
export class ArchiveLinks {
  readonly #options: ArchiveLinkOptions;

  constructor(options: ArchiveLinkOptions) {
    this.#options = options;
  }

  create(exportId: string): string {
    const expires = String(this.#options.now().getTime() + lifetimeMs);
    const url = new URL(`/privacy/exports/${exportId}`, this.#options.publicUrl);
    url.search = new URLSearchParams({ expires, signature: this.#sign(exportId, expires) }).toString();
    return url.href;
  }

  isValid({
    exportId,
    expires,
    signature,
  }: {
    exportId: string;
    expires: string;
    signature: string;
  }): boolean {
    const expected = Buffer.from(this.#sign(exportId, expires));
    const given = Buffer.from(signature);
    const isSame = given.length === expected.length && timingSafeEqual(given, expected);
    return isSame && Number(expires) > this.#options.now().getTime();
  }

  #sign(exportId: string, expires: string): string {
    return this.#options.sealer.keyedHash('archive-link', `${exportId}:${expires}`);
  }
}
