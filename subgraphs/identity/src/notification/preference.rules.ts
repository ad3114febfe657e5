import { UserError, UserErrorCode } from '@suvidha/errors';
import { type Channel, defaultTimeZone } from '@suvidha/notification-templates';
import type { QuietHours } from '@suvidha/notifications';

const orderChannels: Channel[] = ['SMS', 'EMAIL', 'PUSH'];
/** An SMS about a payment costs money and tells what the payer has just seen on the screen: it is for who asks for it. */
const paymentChannels: Channel[] = ['EMAIL', 'PUSH'];

/** What holds for somebody who never said anything. */
export const unspokenPreference = {
  locale: 'en',
  orderChannels,
  paymentChannels,
  quietStartMinute: null,
  quietEndMinute: null,
  timeZone: defaultTimeZone,
};

/** `HH:MM` to minutes after midnight. @throws UserError INVALID_INPUT that names the field. */
export function parseTimeOfDay(text: string, field: readonly string[]): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) return Number(hours) * 60 + Number(minutes);
  throw new UserError(UserErrorCode.INVALID_INPUT, 'It must be a time of day as HH:MM.', field);
}

export function formatTimeOfDay(minute: number): string {
  const twoDigits = (part: number) => String(part).padStart(2, '0');
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}

/** @throws UserError INVALID_INPUT that names the field. */
export function parseQuietHours(input: { readonly start: string; readonly end: string }): QuietHours {
  const field = (name: string) => ['input', 'quietHours', name];
  const startMinute = parseTimeOfDay(input.start, field('start'));
  const endMinute = parseTimeOfDay(input.end, field('end'));
  if (startMinute !== endMinute) return { startMinute, endMinute };
  throw new UserError(
    UserErrorCode.INVALID_INPUT,
    'Quiet hours must end at another time than they begin.',
    field('end'),
  );
}

/** The zone in its proper spelling. @throws UserError INVALID_INPUT. */
export function parseTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new UserError(UserErrorCode.INVALID_INPUT, 'There is no time zone of this name.', [
      'input',
      'timeZone',
    ]);
  }
}
