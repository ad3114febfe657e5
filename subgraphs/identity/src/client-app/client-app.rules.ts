import { isOriginAllowed } from '@suvidha/auth';
import type { ClientApp, Role } from '../generated/prisma/enums.ts';

/** Apps that only some roles may use; the rest are for everybody. */
const rolesByApp: Partial<Record<ClientApp, readonly Role[]>> = {
  ADMIN: ['ADMIN', 'OPERATOR'],
  PARTNER: ['OPERATOR', 'ADMIN'],
};

/** Web origins that each app is served from. An app without a list has no pages: no browser may ask for its tokens. */
export type AppOrigins = Partial<Record<ClientApp, readonly string[]>>;

export function canUseApp(roles: readonly Role[], app: ClientApp): boolean {
  const allowed = rolesByApp[app];
  return allowed === undefined || roles.some((role) => allowed.includes(role));
}

/**
 * Whether tokens for an app may be handed to whoever asks from this origin. A request without an origin comes from no
 * web page: native apps and our own pages are told apart from others by nothing that could not be made up.
 */
export function isAppServedFrom(origins: AppOrigins, app: ClientApp, origin: string | undefined): boolean {
  return origin === undefined || isOriginAllowed(origin, origins[app] ?? []);
}
