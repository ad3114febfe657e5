import type { Db } from '../db.ts';
import type { OtpChallenge, User } from '../generated/prisma/client.ts';
import { parseDestination } from '../otp/otp.rules.ts';
import { parseUsername } from './user.rules.ts';

/** The account that a person names when they log in: by e-mail address, phone number or username. */
export async function findByName(db: Db, name: string): Promise<User | null> {
  const contact = parseDestination(name);
  if (!contact) {
    const username = parseUsername(name);
    return username === null ? null : db.user.findUnique({ where: { username } });
  }
  return db.user.findUnique({ where: toContact(contact.channel, contact.address) });
}

/** The column that a destination of this channel stands in. */
export function toContact(channel: OtpChallenge['channel'], address: string) {
  return channel === 'SMS' ? { phoneNumber: address } : { email: address };
}
