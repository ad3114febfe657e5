import { defaultTimeZone, type Locale } from '@suvidha/notification-templates';
import type { Destination } from '@suvidha/notifications';
import type { Db } from '../db.ts';
import { toLanguage, toLocale } from './language.ts';

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
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
}

export async function findReader(db: Db, { id, email, phoneNumber }: Person): Promise<Reader> {
  const preference = await db.notificationPreference.findUnique({ where: { userId: id } });
  const devices = await db.device.findMany({ where: { userId: id }, select: { pushToken: true } });
  const destinations: Destination[] = [
    ...(email ? [{ channel: 'EMAIL', address: email } as const] : []),
    ...(phoneNumber ? [{ channel: 'SMS', address: phoneNumber } as const] : []),
    ...devices.map(({ pushToken }) => ({ channel: 'PUSH', address: pushToken }) as const),
  ];
  return {
    destinations,
    locale: toLocale(toLanguage(preference?.locale ?? 'en')),
    timeZone: preference?.timeZone ?? defaultTimeZone,
  };
}
