import { UserError, UserErrorCode } from '@suvidha/errors';
import type { CheckoutMethod } from '../generated/prisma/enums.ts';

/** How a payer shall pay, as a client asks for it. */
export interface CheckoutWish {
  readonly checkout: CheckoutMethod;
  readonly returnUrl?: string | null;
  readonly counterId?: string | null;
}

/** The same with what belongs to it, and nothing else. */
export type CheckoutChoice =
  | { readonly checkout: 'HOSTED_PAGE'; readonly returnUrl: string; readonly counterId: null }
  | { readonly checkout: 'UPI_QR'; readonly returnUrl: null; readonly counterId: string };

/**
 * How long a payer has to pay, in milliseconds. A QR code holds as long as its payment; Razorpay lets codes hold for 2
 * minutes to 2 hours.
 */
export const paymentLifetimeMs: Readonly<Record<CheckoutMethod, number>> = {
  HOSTED_PAGE: 30 * 60_000,
  UPI_QR: 15 * 60_000,
};

/** What both vendors take as the name of a place. */
const counterIdForm = /^[A-Za-z0-9_-]{1,32}$/;

/** @throws UserError INVALID_INPUT. */
export function toCheckoutChoice({ checkout, returnUrl, counterId }: CheckoutWish): CheckoutChoice {
  if (checkout === 'HOSTED_PAGE') {
    if (!returnUrl) throw invalid('returnUrl', 'is required with checkout HOSTED_PAGE');
    if (counterId) throw invalid('counterId', 'goes with checkout UPI_QR only');
    return { checkout, returnUrl, counterId: null };
  }
  if (!counterId) throw invalid('counterId', 'is required with checkout UPI_QR');
  if (!counterIdForm.test(counterId))
    throw invalid('counterId', 'must have 1 to 32 letters, digits, hyphens and underscores');
  if (returnUrl) throw invalid('returnUrl', 'goes with checkout HOSTED_PAGE only');
  return { checkout, returnUrl: null, counterId };
}

function invalid(field: keyof CheckoutWish, rule: string): UserError {
  return new UserError(UserErrorCode.INVALID_INPUT, `${field} ${rule}.`, ['input', field]);
}
