/** What a person is to us. Roles become scopes; only scopes are checked. */
export enum Role {
  USER = 'USER',
  OPERATOR = 'OPERATOR',
  ADMIN = 'ADMIN',
}

/** The client applications; each is the audience of the access tokens it gets. */
export enum ClientApp {
  WEB = 'WEB',
  MOBILE = 'MOBILE',
  KIOSK = 'KIOSK',
  PARENT = 'PARENT',
  PARTNER = 'PARTNER',
  ADMIN = 'ADMIN',
}

/** A permission, as `area:verb`. */
export type Scope =
  | 'bill:read'
  | 'bill:write'
  | 'kyc:review'
  | 'order:write'
  | 'payment:read'
  | 'payment:refund'
  | 'product:write'
  | 'release:write'
  | 'user:read'
  | 'user:admin';

const operatorScopes: readonly Scope[] = [
  'bill:read',
  'bill:write',
  'kyc:review',
  'order:write',
  'payment:read',
  'payment:refund',
  'product:write',
  'user:read',
];

const scopesByRole: Readonly<Record<Role, readonly Scope[]>> = {
  [Role.USER]: [],
  [Role.OPERATOR]: operatorScopes,
  [Role.ADMIN]: [...operatorScopes, 'release:write', 'user:admin'],
};

/** The scopes that a person with these roles has, without repetition. */
export function scopesOf(roles: readonly Role[]): Scope[] {
  return [...new Set(roles.flatMap((role) => scopesByRole[role]))];
}
