import type { SqlClient } from '@suvidha/db';
import type { Channel } from '@suvidha/notification-templates';

/** How many messages may go out. They stop who makes us send for gain (SMS pumping) or to pester somebody. */
export interface DeliveryLimits {
  /** Per phone number or e-mail address. */
  readonly destinationHourly: number;
  readonly destinationDaily: number;
  /** SMS per block of a thousand neighbouring numbers: pumping runs through numbers of one operator. */
  readonly blockHourly: number;
  /** SMS in all: what a day may cost at most. */
  readonly smsDaily: number;
  /** Country codes that SMS go to, such as `+91`. Empty: all. */
  readonly smsCountries: readonly string[];
}

export const defaultLimits: DeliveryLimits = {
  destinationHourly: 30,
  destinationDaily: 60,
  blockHourly: 200,
  smsDaily: 50_000,
  smsCountries: [],
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Budget {
  readonly reason: 'DESTINATION_LIMIT' | 'BLOCK_LIMIT' | 'DAILY_LIMIT';
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

export interface Spender {
  readonly channel: Channel;
  readonly address: string;
  /** Keyed hash: budgets hold no addresses in the clear. */
  readonly hash: (text: string) => string;
}

/**
 * Uses up one of each budget of a message, in one order, so that two never wait for each other in a circle.
 * @returns why it may not go out, or null when it may.
 */
export async function spend(
  tx: SqlClient,
  spender: Spender,
  { limits, now }: { readonly limits: DeliveryLimits; readonly now: Date },
): Promise<string | null> {
  if (!isServed(spender, limits)) return 'COUNTRY_NOT_SERVED';
  for (const budget of listBudgets(spender, limits))
    if (!(await spendOne(tx, budget, now))) return budget.reason;
  return null;
}

function isServed({ channel, address }: Spender, { smsCountries }: DeliveryLimits): boolean {
  const isLimited = channel === 'SMS' && smsCountries.length > 0;
  return !isLimited || smsCountries.some((code) => address.startsWith(code));
}

function listBudgets({ channel, address, hash }: Spender, limits: DeliveryLimits): Budget[] {
  if (channel === 'PUSH') return [];
  const own = `${channel}:${hash(address)}`;
  const destination: Budget[] = [
    { reason: 'DESTINATION_LIMIT', key: `hour:${own}`, limit: limits.destinationHourly, windowMs: hourMs },
    { reason: 'DESTINATION_LIMIT', key: `day:${own}`, limit: limits.destinationDaily, windowMs: dayMs },
  ];
  if (channel === 'EMAIL') return destination;
  const block = `hour:block:${hash(address.slice(0, -3))}`;
  return [
    ...destination,
    { reason: 'BLOCK_LIMIT', key: block, limit: limits.blockHourly, windowMs: hourMs },
    { reason: 'DAILY_LIMIT', key: 'day:SMS', limit: limits.smsDaily, windowMs: dayMs },
  ];
}

/** One statement counts and limits, however many run at once. @returns whether there was one left. */
async function spendOne(tx: SqlClient, { key, limit, windowMs }: Budget, now: Date): Promise<boolean> {
  if (limit < 1) return false;
  const windowStart = new Date(Math.floor(now.getTime() / windowMs) * windowMs);
  const spent = await tx.$executeRaw`insert into notification_budget as budget (key, window_start, used)
    values (${key}, ${windowStart}::timestamptz, 1)
    on conflict (key) do update set window_start = excluded.window_start,
      used = case when budget.window_start = excluded.window_start then budget.used + 1 else 1 end
    where budget.window_start <> excluded.window_start or budget.used < ${limit}::int`;
  return spent === 1;
}
