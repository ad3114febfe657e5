import type { ClientApp, Role } from '../generated/prisma/enums.ts';

/** Apps that only some roles may use; the rest are for everybody. */
const rolesByApp: Partial<Record<ClientApp, readonly Role[]>> = {
  ADMIN: ['ADMIN', 'OPERATOR'],
  PARTNER: ['OPERATOR', 'ADMIN'],
};

export function canUseApp(roles: readonly Role[], app: ClientApp): boolean {
  const allowed = rolesByApp[app];
  return allowed === undefined || roles.some((role) => allowed.includes(role));
}
