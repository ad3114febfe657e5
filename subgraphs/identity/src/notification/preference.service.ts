import type { Locale } from '@suvidha/notification-templates';
import type { Preferences } from '@suvidha/notifications';
import type { Db } from '../db.ts';
import type { NotificationPreference } from '../generated/prisma/client.ts';
import type { NotificationChannel } from '../generated/prisma/enums.ts';
import { parseQuietHours, parseTimeZone, unspokenPreference } from './preference.rules.ts';

/** What changes; what is undefined or (but for `quietHours`) null stays. */
export interface PreferenceChange {
  readonly locale?: Locale | undefined;
  readonly orders?: readonly NotificationChannel[] | null | undefined;
  readonly payments?: readonly NotificationChannel[] | null | undefined;
  readonly quietHours?: { readonly start: string; readonly end: string } | null | undefined;
  readonly timeZone?: string | null | undefined;
}

/** What people want to be told, and how. */
export class PreferenceService {
  readonly #db: Db;
  readonly #now: () => Date;

  constructor(db: Db, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** What holds for a person, with what goes without saying where they never said anything. */
  async get(userId: string): Promise<NotificationPreference> {
    const stored = await this.#db.notificationPreference.findUnique({ where: { userId } });
    return stored ?? { userId, ...unspokenPreference, updatedAt: this.#now() };
  }

  /** The same, as sending heeds it. */
  async getWishes(userId: string): Promise<Preferences> {
    return toPreferences(await this.get(userId));
  }

  /** @throws UserError INVALID_INPUT that names the field. */
  async update(userId: string, change: PreferenceChange): Promise<NotificationPreference> {
    const data = { ...toColumns(change), updatedAt: this.#now() };
    return this.#db.notificationPreference.upsert({
      where: { userId },
      create: { userId, ...unspokenPreference, ...data },
      update: data,
    });
  }
}

function toColumns({ locale, orders, payments, quietHours, timeZone }: PreferenceChange) {
  const quiet = quietHours && parseQuietHours(quietHours);
  return {
    ...(locale && { locale }),
    ...(orders && { orderChannels: [...new Set(orders)] }),
    ...(payments && { paymentChannels: [...new Set(payments)] }),
    ...(timeZone && { timeZone: parseTimeZone(timeZone) }),
    ...(quietHours !== undefined && {
      quietStartMinute: quiet?.startMinute ?? null,
      quietEndMinute: quiet?.endMinute ?? null,
    }),
  };
}

function toPreferences(row: NotificationPreference): Preferences {
  const { quietStartMinute, quietEndMinute } = row;
  const isQuiet = quietStartMinute !== null && quietEndMinute !== null;
  return {
    channels: { ORDERS: row.orderChannels, PAYMENTS: row.paymentChannels },
    quietHours: isQuiet ? { startMinute: quietStartMinute, endMinute: quietEndMinute } : null,
    timeZone: row.timeZone,
  };
}
