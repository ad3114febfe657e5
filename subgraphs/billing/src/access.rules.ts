import type { Actor } from '@suvidha/auth';

/** Whether the actor may see what belongs to this customer. */
export function canSeeCustomer(actor: Actor, userId: string): boolean {
  if (actor.kind === 'service') return true;
  return actor.kind === 'user' && (actor.userId === userId || actor.scopes.includes('bill:read'));
}
