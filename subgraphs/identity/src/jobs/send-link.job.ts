import type { JobHandler } from '@suvidha/jobs';
import type { Locale } from '@suvidha/notification-templates';
import type { Notifier } from '@suvidha/notifications';
import type { Sealer } from '@suvidha/seal';
import { z } from 'zod';
import type { Db } from '../db.ts';
import { linkLifetimeMs, toLinkUrl } from '../email-link/email-link.rules.ts';
import type { EmailLink, PrismaClient, User } from '../generated/prisma/client.ts';
import { findReader } from '../notification/reader.queries.ts';
import { maskDestination } from '../otp/otp.rules.ts';

export const sendLinkTask = 'send-link';

/** Of mails to somebody who has not said yet which language they read. */
const defaultLocale: Locale = 'en';

const payload = z.object({ linkId: z.uuid(), sealedToken: z.string() });

export interface SendLinkDependencies {
  readonly db: PrismaClient;
  readonly notifier: Notifier;
  readonly sealer: Sealer;
  /** Address of the web site that links lead to. */
  readonly webAppUrl: string;
}

/** Writes the mail of a link. Here, where nobody waits for an answer, it is looked up whether there is an account. */
export function createSendLinkHandler({ db, notifier, sealer, webAppUrl }: SendLinkDependencies): JobHandler {
  return async (raw) => {
    const { linkId, sealedToken } = payload.parse(raw);
    const link = await db.emailLink.findUnique({ where: { id: linkId } });
    if (!link || link.closedAt) return;
    const url = toLinkUrl(webAppUrl, link.purpose, sealer.unseal('email-link', sealedToken));
    await db.$transaction(async (tx) => enqueue(notifier, tx, { link, url }));
  };
}

async function enqueue(
  notifier: Notifier,
  tx: Db,
  { link, url }: { link: EmailLink; url: string },
): Promise<void> {
  const { id, purpose, email, expiresAt } = link;
  const account = await findAccount(tx, link);
  const locale = account ? (await findReader(tx, account)).locale : defaultLocale;
  const mail = { cause: `link:${id}`, channel: 'EMAIL', to: email, locale, expiresAt } as const;
  const isReset = purpose === 'PASSWORD_RESET';
  const variables = { link: url, minutes: linkLifetimeMs[purpose] / 60_000 };
  if (!(await isOfUse(tx, link))) {
    const wish = isReset ? 'PASSWORD_RESET' : 'CONFIRMATION';
    await notifier.enqueue(tx, { ...mail, template: 'nothing-to-confirm', variables: { wish } });
  } else if (isReset) await notifier.enqueue(tx, { ...mail, template: 'password-reset', variables });
  else {
    const named = { ...variables, account: toAccountName(link, account) };
    await notifier.enqueue(tx, { ...mail, template: 'email-verification', variables: named });
  }
}

/** Whose link it is. Null: nobody's, or somebody's who is about to register. */
function findAccount(db: Db, { purpose, email, userId }: EmailLink): Promise<User | null> {
  if (purpose === 'PASSWORD_RESET') return db.user.findUnique({ where: { email } });
  return userId ? db.user.findUnique({ where: { id: userId } }) : Promise.resolve(null);
}

/** How the owner of an account knows it, and nobody else learns more than that. */
function toAccountName({ username, email }: EmailLink, account: User | null): string {
  const known = username ?? account?.username;
  if (known) return known;
  const { phoneNumber = null } = account ?? {};
  return maskDestination(
    phoneNumber ? { channel: 'SMS', address: phoneNumber } : { channel: 'EMAIL', address: email },
  );
}

/** A new password is for who has an account, a confirmation for an address that has none. */
async function isOfUse(db: Db, { purpose, email, passwordHash }: EmailLink): Promise<boolean> {
  const account = await db.user.findUnique({ where: { email }, select: { id: true } });
  if (purpose === 'PASSWORD_RESET') return account !== null;
  return account === null && (purpose === 'VERIFICATION' || passwordHash !== null);
}
