import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/**
 * How long an address leads to the receipt, in milliseconds. A screen asks for another one when it needs it; a mail is
 * read days later, and who has the address sees one receipt, which names no person.
 */
const lifetimesMs = { SCREEN: 15 * 60_000, MAIL: 30 * 24 * 3_600_000 } as const;

export const receiptPath = '/receipts';

export interface ReceiptUrl {
  readonly url: string;
  readonly expiresAt: Date;
}

/** Addresses of receipts that hold for a while and for whoever has them. */
export interface ReceiptUrls {
  /** @param place where the address will stand, which decides how long it holds */
  sign(receiptId: string, place: keyof typeof lifetimesMs): ReceiptUrl;
  isValid(receiptId: string, query: { readonly expires?: string; readonly signature?: string }): boolean;
}

/** @param secret kept outside the database. */
export function createReceiptUrls(options: {
  readonly secret: string;
  readonly publicUrl: string;
  readonly now: () => Date;
}): ReceiptUrls {
  const key = Buffer.from(hkdfSync('sha256', options.secret, '', 'suvidha:receipt-url', 32));
  const toSignature = (receiptId: string, expires: string) =>
    createHmac('sha256', key).update(`${receiptId}|${expires}`).digest('base64url');
  return {
    sign(receiptId, place) {
      const expiresAt = new Date(options.now().getTime() + lifetimesMs[place]);
      const expires = String(expiresAt.getTime());
      const query = new URLSearchParams({ expires, signature: toSignature(receiptId, expires) });
      const url = `${options.publicUrl.replace(/\/$/, '')}${receiptPath}/${receiptId}.pdf?${query}`;
      return { url, expiresAt };
    },
    isValid(receiptId, { expires = '', signature = '' }) {
      const given = Buffer.from(signature);
      const expected = Buffer.from(toSignature(receiptId, expires));
      const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
      return isSigned && Number(expires) > options.now().getTime();
    },
  };
}
