import type { Category, Channel } from '@suvidha/notification-templates';

/** A time of day, in minutes after midnight, in which nothing rings. It may span midnight. */
export interface QuietHours {
  readonly startMinute: number;
  readonly endMinute: number;
}

/** What a person wants to be told, and how. */
export interface Preferences {
  readonly channels: Readonly<Record<Exclude<Category, 'SECURITY'>, readonly Channel[]>>;
  readonly quietHours: QuietHours | null;
  /** IANA name. */
  readonly timeZone: string;
}

/** What becomes of a message: it goes, it waits, or it is not wanted. */
export type Decision =
  | { readonly kind: 'SEND' }
  | { readonly kind: 'WAIT'; readonly until: Date }
  | { readonly kind: 'DROP' };

/**
 * Whether a message may go now. Messages about security always do. Mail makes no noise, so only what rings waits for
 * the end of quiet hours.
 */
export function decide(
  { category, channel }: { readonly category: Category; readonly channel: Channel },
  preferences: Preferences | null,
  now: Date,
): Decision {
  if (category === 'SECURITY' || preferences === null) return { kind: 'SEND' };
  if (!preferences.channels[category].includes(channel)) return { kind: 'DROP' };
  const until = channel === 'EMAIL' ? null : findEndOfQuiet(preferences, now);
  return until === null ? { kind: 'SEND' } : { kind: 'WAIT', until };
}

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

/** When quiet hours end that hold now; null when none do. Where clocks are put forward it is an hour early or late. */
function findEndOfQuiet({ quietHours, timeZone }: Preferences, now: Date): Date | null {
  if (quietHours === null) return null;
  const { startMinute, endMinute } = quietHours;
  const minute = minuteOfDay(now, timeZone);
  const sinceStart = (minute - startMinute + dayMinutes) % dayMinutes;
  const lengthMinutes = (endMinute - startMinute + dayMinutes) % dayMinutes;
  if (sinceStart >= lengthMinutes) return null;
  const minuteStart = Math.floor(now.getTime() / minuteMs) * minuteMs;
  return new Date(minuteStart + (lengthMinutes - sinceStart) * minuteMs);
}

function minuteOfDay(at: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const [hour = 0, minute = 0] = format.format(at).split(':').map(Number);
  return hour * 60 + minute;
}
