import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** How long a guest may look at the payment, in milliseconds: as long as a bank may take, and a refund after it. */
const lifetimeMs = 30 * 86_400_000;

interface GuestPayment {
  readonly id: string;
  readonly createdAt: Date;
}

/**
 * Tokens by which somebody without an account sees one payment and nothing else. They are derived, not stored, so the
 * same idempotency key gives the same token again.
 */
export interface GuestAccess {
  issue(payment: GuestPayment): string;
  /** Whether the token was issued for this payment and still holds. */
  isValid(token: string, payment: GuestPayment, at: Date): boolean;
}

/** @param secret kept outside the database; another one makes all tokens void. */
export function createGuestAccess(secret: string): GuestAccess {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'suvidha:payment-guest-access', 32));
  const issue = ({ id }: GuestPayment) =>
    createHmac('sha256', key).update(`payment:${id}`).digest('base64url');
  return {
    issue,
    isValid: (token, payment, at) => {
      if (at.getTime() - payment.createdAt.getTime() > lifetimeMs) return false;
      const given = Buffer.from(token);
      const expected = Buffer.from(issue(payment));
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
