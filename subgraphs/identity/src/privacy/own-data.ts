import type { Db } from '../db.ts';
import { revokeGrants } from '../social/social-grants.ts';

/** What identity itself knows of a person, by a name that they understand. Hashes and keys are left out. */
export async function collectOwnData(tx: Db, userId: string): Promise<Readonly<Record<string, unknown>>> {
  const profile = await tx.user.findUnique({ where: { id: userId }, omit: { passwordHash: true } });
  const sessions = await tx.session.findMany({ where: { userId } });
  const linkedAccounts = await tx.linkedAccount.findMany({ where: { userId } });
  const devices = await tx.device.findMany({ where: { userId } });
  const notificationPreferences = await tx.notificationPreference.findMany({ where: { userId } });
  const messages = await tx.notificationDelivery.findMany({
    where: { userId },
    select: { template: true, channel: true, maskedDestination: true, status: true, createdAt: true },
  });
  const activity = await tx.auditEntry.findMany({
    where: { OR: [{ subjectId: userId }, { actorId: userId }] },
    select: {
      occurredAt: true,
      action: true,
      outcome: true,
      clientApp: true,
      address: true,
      userAgent: true,
    },
    orderBy: { sequence: 'asc' },
  });
  return { profile, sessions, linkedAccounts, devices, notificationPreferences, messages, activity };
}

/**
 * Removes who a person is from their account, and every way in. The empty account stays until all subgraphs are done;
 * the audit log, which names ids only, stays for good.
 */
export async function eraseOwnData(tx: Db, userId: string): Promise<void> {
  const { email, phoneNumber } = await tx.user.findUniqueOrThrow({ where: { id: userId } });
  const addresses = [email, phoneNumber].filter((address) => address !== null);
  await tx.otpChallenge.deleteMany({ where: { destination: { in: addresses } } });
  await tx.emailLink.deleteMany({ where: { OR: [{ userId }, { email: { in: addresses } }] } });
  await revokeGrants(tx, { userId });
  await tx.linkedAccount.deleteMany({ where: { userId } });
  await tx.socialLogin.deleteMany({ where: { userId } });
  await tx.device.deleteMany({ where: { userId } });
  await tx.notificationPreference.deleteMany({ where: { userId } });
  await tx.dataExport.deleteMany({ where: { userId } });
  await tx.session.updateMany({ where: { userId }, data: { address: null, userAgent: null } });
  await tx.user.update({
    where: { id: userId },
    data: {
      username: null,
      email: null,
      emailVerifiedAt: null,
      phoneNumber: null,
      phoneVerifiedAt: null,
      passwordHash: null,
    },
  });
}
