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
  const entries = await tx.auditEntry.findMany({
    where: { OR: [{ subjectId: userId }, { actorId: userId }] },
    select: {
      occurredAt: true,
      action: true,
      outcome: true,
      actorId: true,
      clientApp: true,
      address: true,
      userAgent: true,
    },
    orderBy: { sequence: 'asc' },
  });
  const activity = entries.map((entry) => withoutStaff(entry, userId));
  return { profile, sessions, linkedAccounts, devices, notificationPreferences, messages, activity };
}

interface Act {
  readonly actorId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Where staff were when they did something about the person is about staff. */
function withoutStaff<A extends Act>({ actorId, ...act }: A, userId: string) {
  const isStaff = actorId !== null && actorId !== userId;
  return isStaff ? { ...act, address: null, userAgent: null } : act;
}

/**
 * Removes who a person is from their account, and every way in. The empty account stays until all subgraphs are done;
 * the audit log, which holds ids and network addresses, stays for good.
 */
export async function eraseOwnData(
  tx: Db,
  userId: string,
  hashDestination: (address: string) => string,
): Promise<void> {
  const { email, phoneNumber } = await tx.user.findUniqueOrThrow({ where: { id: userId } });
  const addresses = [email, phoneNumber].filter((address) => address !== null);
  await tx.otpChallenge.deleteMany({ where: { destination: { in: addresses } } });
  await tx.emailLink.deleteMany({ where: { OR: [{ userId }, { email: { in: addresses } }] } });
  // Codes and links were sent to an address, not to an account: what tells of them names nobody else.
  await tx.notificationDelivery.deleteMany({
    where: { userId: null, destinationHash: { in: addresses.map(hashDestination) } },
  });
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
