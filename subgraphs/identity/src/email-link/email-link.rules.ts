import type { LinkPurpose } from '../generated/prisma/enums.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** How long a link may be followed. */
export const linkLifetimeMs: Readonly<Record<LinkPurpose, number>> = {
  REGISTRATION: dayMs,
  VERIFICATION: dayMs,
  PASSWORD_RESET: 30 * minuteMs,
};

/** Mails with a link that one address may get. */
export const mailLimits = {
  cooldown: { name: 'mail-cooldown', limit: 1, windowMs: minuteMs / 2 },
  hourly: { name: 'mail-hourly', limit: 5, windowMs: 60 * minuteMs },
} as const;

/** Where on the web site each link leads to. */
const paths: Readonly<Record<LinkPurpose, string>> = {
  REGISTRATION: '/verify-email',
  VERIFICATION: '/verify-email',
  PASSWORD_RESET: '/reset-password',
};

/** The token stands behind the #: browsers send that part to no server, so it is in no log and no referrer. */
export function toLinkUrl(webAppUrl: string, purpose: LinkPurpose, token: string): string {
  return `${webAppUrl.replace(/\/$/, '')}${paths[purpose]}#token=${token}`;
}
