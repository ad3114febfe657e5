import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ClientApp, type SocialProvider } from '../generated/prisma/enums.ts';

export const socialPolicy = {
  /** How long a person may take at the provider. */
  lifetimeMs: 10 * 60_000,
  /** How long what is over is kept, to say why it is refused. */
  retentionMs: 24 * 60 * 60_000,
  /** How long a name may be, in characters. */
  maxNameLength: 100,
} as const;

/** Where each client app may get people back. */
export type RedirectAllowList = Readonly<Partial<Record<ClientApp, readonly string[]>>>;

const entry = z
  .string()
  .regex(/^[A-Z]+=[a-z][a-z\d+.-]*:/)
  .transform((text) => {
    const at = text.indexOf('=');
    return { app: text.slice(0, at), uri: text.slice(at + 1) };
  })
  .refine(({ app }) => Object.hasOwn(ClientApp, app));

/**
 * Reads `APP=address` entries.
 * @returns null when one of them is something else
 */
export function parseRedirects(entries: readonly string[]): RedirectAllowList | null {
  const parsed = z.array(entry).safeParse(entries);
  if (!parsed.success) return null;
  const list: Partial<Record<ClientApp, string[]>> = {};
  for (const { app, uri } of parsed.data) {
    const key = app as ClientApp;
    list[key] = [...(list[key] ?? []), uri];
  }
  return list;
}

const loopbackPattern = /^(http:\/\/(?:localhost|127\.0\.0\.1)):\*(\/.*)?$/;

/**
 * Whether a client app may get people back here. Addresses must be equal to the letter (RFC 9700 §2.1); only of this
 * machine any port may be allowed, by `*` (RFC 8252 §7.3). What is no address, such as one with a port of 99999, is none.
 */
export function isRedirectAllowed(list: RedirectAllowList, app: ClientApp, uri: string): boolean {
  return (list[app] ?? []).some((allowed) => {
    const [, origin, path = ''] = loopbackPattern.exec(allowed) ?? [];
    if (origin === undefined) return uri === allowed;
    const [, port] = uri.startsWith(`${origin}:`) ? (/^:(\d{1,5})/.exec(uri.slice(origin.length)) ?? []) : [];
    return port !== undefined && uri === `${origin}:${port}${path}` && URL.canParse(uri);
  });
}

/** Whether an address leads to a web page. Other schemes can be claimed by any app on the device. */
export function isWebAddress(uri: string): boolean {
  return /^https?:/.test(uri);
}

/** A challenge by S256 is 32 bytes in base64url (RFC 7636 §4.2). */
export function isCodeChallenge(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Whether the verifier is what the challenge was made of (RFC 7636 §4.6). */
export function isChallengeMet(challenge: string | null, verifier: string | null | undefined): boolean {
  if (challenge === null) return true;
  if (!verifier) return false;
  const actual = createHash('sha256').update(verifier).digest();
  const expected = Buffer.from(challenge, 'base64url');
  return expected.length === actual.length && timingSafeEqual(actual, expected);
}

/** Path at which a provider sends people back to us: one for each, so that no provider can answer for another. */
export function toCallbackPath(provider: SocialProvider): string {
  return `/social/${provider.toLowerCase()}/callback`;
}

/** A name that somebody else's text gives, on one line and not without end; null when nothing is left. */
export function toDisplayName(text: string | null): string | null {
  const line = text?.replace(/\p{Cc}+/gu, ' ').trim() ?? '';
  return line.slice(0, socialPolicy.maxNameLength) || null;
}

interface WaysIn {
  readonly phoneVerifiedAt: Date | null;
  readonly emailVerifiedAt: Date | null;
  readonly email: string | null;
  readonly passwordHash: string | null;
}

/**
 * Whether a person gets in without this linked account. A relay address does not count: it forwards only as long as the
 * person lets the provider know us.
 */
export function hasOtherWayIn(
  user: WaysIn,
  leaving: { readonly email: string | null; readonly isPrivateEmail: boolean },
  othersLinked: number,
): boolean {
  const isRelay = leaving.isPrivateEmail && leaving.email === user.email;
  const hasEmail = user.emailVerifiedAt !== null && !isRelay;
  const hasPassword = user.passwordHash !== null && !isRelay;
  return othersLinked > 0 || user.phoneVerifiedAt !== null || hasEmail || hasPassword;
}
