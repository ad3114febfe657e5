import type { NotificationPreference } from '../generated/prisma/client.ts';
import { toLanguage } from './language.ts';
import { formatTimeOfDay } from './preference.rules.ts';
import type { NotificationPreferencesType } from './preference.type.ts';

export function toPreferencesType(row: NotificationPreference): NotificationPreferencesType {
  const { quietStartMinute, quietEndMinute } = row;
  const isQuiet = quietStartMinute !== null && quietEndMinute !== null;
  return {
    language: toLanguage(row.locale),
    orders: row.orderChannels,
    payments: row.paymentChannels,
    quietHours: isQuiet
      ? { start: formatTimeOfDay(quietStartMinute), end: formatTimeOfDay(quietEndMinute) }
      : null,
    timeZone: row.timeZone,
  };
}
