import type { Channel, Locale } from '@suvidha/notification-templates';
import type { Destination } from '@suvidha/notifications';
import type { Db } from '../db.ts';
import { toLanguage, toLocale } from './language.ts';
import { unspokenPreference } from './preference.rules.ts';

/** Somebody with an account, as far as messages need it. */
export interface Person {
  readonly id: string;
  readonly email: string | null;
  readonly phoneNumber: string | null;
}

/** How to reach a person, and in which words. */
export interface Reader {
  /** Mail, phone and each app, as far as they are known. */
  readonly destinations: readonly Destination[];
  /** The ways by which they want to hear of payments. */
  readonly paymentChannels: readonly Channel[];
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
}

export async function findReader(db: Db, { id, email, phoneNumber }: Person): Promise<Reader> {
  const preference =
    (await db.notificationPreference.findUnique({ where: { userId: id } })) ?? unspokenPreference;
  const devices = await db.device.findMany({ where: { userId: id }, select: { pushToken: true } });
  const destinations: Destination[] = [
    ...(email ? [{ channel: 'EMAIL', address: email } as const] : []),
    ...(phoneNumber ? [{ channel: 'SMS', address: phoneNumber } as const] : []),
    ...devices.map(({ pushToken }) => ({ channel: 'PUSH', address: pushToken }) as const),
  ];
  return {
    destinations,
    paymentChannels: preference.paymentChannels,
    locale: toLocale(toLanguage(preference.locale)),
    timeZone: preference.timeZone,
  };
}
