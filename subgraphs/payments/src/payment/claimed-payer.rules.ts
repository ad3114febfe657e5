import { decodeJwt } from 'jose';

/**
 * Whom a payment request names as its payer, before anybody has checked who signed it: good for looking up what was
 * answered to the same text, and for nothing else. Null: it is no token.
 */
export function findClaimedPayer(paymentRequest: string): string | null {
  try {
    const { payer } = decodeJwt(paymentRequest);
    return typeof payer === 'string' ? payer : null;
  } catch {
    return null;
  }
}
