import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** How long an address leads to the receipt, in milliseconds. */
const lifetimeMs = 15 * 60_000;

export const receiptPath = '/receipts';

/** Addresses of receipts that hold for a while and for whoever has them. */
export interface ReceiptUrls {
  sign(receiptId: string): string;
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
    sign(receiptId) {
      const expires = String(options.now().getTime() + lifetimeMs);
      const query = new URLSearchParams({ expires, signature: toSignature(receiptId, expires) });
      return `${options.publicUrl.replace(/\/$/, '')}${receiptPath}/${receiptId}.pdf?${query}`;
    },
    isValid(receiptId, { expires = '', signature = '' }) {
      const given = Buffer.from(signature);
      const expected = Buffer.from(toSignature(receiptId, expires));
      const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
      return isSigned && Number(expires) > options.now().getTime();
    },
  };
}
