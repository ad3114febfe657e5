import { createHmac, timingSafeEqual } from 'node:crypto';
import { FileError } from './file.error.ts';

export type Disposition = 'attachment' | 'inline';

/** What a signed address allows, until when. */
export interface FileGrant {
  readonly action: 'upload' | 'download';
  readonly fileId: string;
  /** How the browser is to show it. Uploads have none. */
  readonly disposition?: Disposition;
  readonly expiresAt: Date;
}

/** What the address says; everything in it comes from outside. */
export interface GrantClaim {
  readonly action: FileGrant['action'];
  readonly fileId: string;
  readonly query: Readonly<Record<string, unknown>>;
}

export interface UrlSignerOptions {
  /** Public address below which the routes of this package are reached, without a slash at the end. */
  readonly baseUrl: string;
  /** The subgraph: an address of one is worth nothing at another. */
  readonly audience: string;
  /** Secrets of 32 bytes. The first one signs, each verifies: so one can be replaced. */
  readonly keys: readonly [Buffer, ...Buffer[]];
}

const folders = { upload: '/files/uploads/', download: '/files/' } as const;

/** Makes addresses that allow one thing with one file for a while, to whoever has them. */
export class UrlSigner {
  readonly #options: UrlSignerOptions;

  constructor(options: UrlSignerOptions) {
    this.#options = options;
  }

  sign(grant: FileGrant): string {
    const { baseUrl, keys } = this.#options;
    const expires = String(Math.floor(grant.expiresAt.getTime() / 1000));
    const query = new URLSearchParams({
      ...(grant.disposition && { disposition: grant.disposition }),
      expires,
      signature: this.#signatureOf(grant, expires, keys[0]).toString('base64url'),
    });
    return `${baseUrl}${folders[grant.action]}${grant.fileId}?${query}`;
  }

  /**
   * @returns what the address allows
   * @throws FileError `FILE_URL_INVALID` when it was altered, and only otherwise `FILE_URL_EXPIRED`
   */
  verify({ action, fileId, query }: GrantClaim, now: Date): FileGrant {
    const { expires, signature, disposition } = query;
    if (typeof expires !== 'string' || typeof signature !== 'string') throw new FileError('FILE_URL_INVALID');
    const expiresAt = new Date(Number(expires) * 1000);
    const grant: FileGrant = {
      action,
      fileId,
      expiresAt,
      ...(isDisposition(disposition) && { disposition }),
    };
    if (!this.#isSignedByUs(grant, expires, signature)) throw new FileError('FILE_URL_INVALID');
    if (expiresAt <= now) throw new FileError('FILE_URL_EXPIRED');
    return grant;
  }

  #isSignedByUs(grant: FileGrant, expires: string, signature: string): boolean {
    const given = Buffer.from(signature, 'base64url');
    return this.#options.keys.some((key) => {
      const expected = this.#signatureOf(grant, expires, key);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  }

  /** No part can hold a newline: ids are UUIDs, times are digits, the rest are our own words. */
  #signatureOf(
    { action, fileId, disposition = 'attachment' }: FileGrant,
    expires: string,
    key: Buffer,
  ): Buffer {
    const message = ['suvidha:file-url:1', this.#options.audience, action, fileId, disposition, expires];
    return createHmac('sha256', key).update(message.join('\n')).digest();
  }
}

function isDisposition(text: unknown): text is Disposition {
  return text === 'attachment' || text === 'inline';
}
