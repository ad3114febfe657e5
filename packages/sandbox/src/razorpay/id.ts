import { randomInt } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export type IdPrefix = 'order' | 'pay' | 'rfnd' | 'card' | 'acc' | 'qr';

/** A new Razorpay id: the prefix and 14 base62 characters. */
export function createId(prefix: IdPrefix): string {
  const characters = Array.from({ length: 14 }, () => BASE62.charAt(randomInt(BASE62.length)));
  return `${prefix}_${characters.join('')}`;
}

/** A unique id of a webhook event, which has no prefix. */
export function createEventId(): string {
  return createId('acc').slice('acc_'.length);
}

export function isId(value: string, prefix: IdPrefix): boolean {
  return value.startsWith(`${prefix}_`) && /^[0-9A-Za-z]{14}$/.test(value.slice(prefix.length + 1));
}
