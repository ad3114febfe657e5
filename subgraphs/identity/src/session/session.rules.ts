import { type AppOrigins, canUseApp, isAppServedFrom } from '../client-app/client-app.rules.ts';
import type { AccountStatus, ClientApp, Role } from '../generated/prisma/enums.ts';

export const sessionPolicy = {
  /** How long a refresh token may wait to be used. */
  refreshLifetimeMs: 7 * 24 * 60 * 60_000,
  /**
   * How long an exchanged refresh token may be exchanged again: two tabs of one browser hold the same token and ask at
   * nearly the same moment. After it, a token that comes again was stolen.
   */
  refreshGraceMs: 10_000,
  /** How recent a proof of who somebody is must be for what is hard to undo. */
  recentMs: 10 * 60_000,
} as const;

/** What a person asks for when they log in. */
export interface LoginWish {
  readonly clientApp: ClientApp;
  /** One of the person's roles, to have no more than that. Absent: all of them. */
  readonly role?: Role | null | undefined;
}

interface Account {
  readonly status: AccountStatus;
  readonly roles: readonly Role[];
}

/** Why an account gets no session as it wishes, or null when it gets one. */
export function explainRefusal(
  account: Account,
  { clientApp, role }: LoginWish,
  { origins, origin }: { origins: AppOrigins; origin: string | undefined },
): 'ACCOUNT_SUSPENDED' | 'CLIENT_APP' | 'ORIGIN' | 'ROLE' | null {
  if (account.status !== 'ACTIVE') return 'ACCOUNT_SUSPENDED';
  if (role && !account.roles.includes(role)) return 'ROLE';
  if (!canUseApp(toGrantedRoles(account.roles, role), clientApp)) return 'CLIENT_APP';
  return isAppServedFrom(origins, clientApp, origin) ? null : 'ORIGIN';
}

/** The roles of an account that a session has which was asked for with this role. Every person is a customer too. */
export function toGrantedRoles(roles: readonly Role[], role: Role | null | undefined): Role[] {
  return roles.filter((held) => !role || held === role || held === 'USER');
}
