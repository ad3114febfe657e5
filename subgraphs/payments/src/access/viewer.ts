import type { Actor } from '@suvidha/auth';
import type { Payment } from '../generated/prisma/client.ts';
import type { GuestAccess } from './guest-access.ts';

/** Who looks at a payment: a person, one of our processes, or a guest with the token of that payment. */
export interface Viewer {
  readonly actor: Actor;
  readonly accessToken?: string | null;
}

/** Staff and our own processes see all payments, people their own. */
export function canSee(actor: Actor, payer: string): boolean {
  if (actor.kind === 'service') return true;
  return actor.kind === 'user' && (payer === `user:${actor.userId}` || actor.scopes.includes('payment:read'));
}

/** Whether a viewer may see this payment; a guest's token opens payments of guests only. */
export function createVisibility(guests: GuestAccess, now: () => Date) {
  return ({ actor, accessToken }: Viewer, payment: Payment): boolean => {
    if (canSee(actor, payment.payer)) return true;
    return (
      typeof accessToken === 'string' &&
      payment.payer.startsWith('guest:') &&
      guests.isValid(accessToken, payment, now())
    );
  };
}

export type Visibility = ReturnType<typeof createVisibility>;
