import { randomInt } from 'node:crypto';
import { parseEmailAddress } from '@suvidha/subgraph';

/** Where a code is sent: a phone number or an e-mail address. */
export interface Destination {
  readonly channel: 'SMS' | 'EMAIL';
  readonly address: string;
}

export const otpPolicy = {
  lifetimeMs: 10 * 60_000,
  attempts: 3,
  /** How long to wait before asking for another code. */
  cooldownMs: 30_000,
  /** Codes per destination and purpose within an hour. */
  hourlyLimit: 5,
} as const;

/** Six decimal digits, uniformly drawn, leading zeros kept. */
export function createOtp(): string {
  return randomInt(1_000_000).toString().padStart(6, '0');
}

/** The destination as it may be shown to whoever asked: `+91*****3210`, `u***@example.com`. */
export function maskDestination({ channel, address }: Destination): string {
  if (channel === 'SMS') return `${address.slice(0, 3)}*****${address.slice(-4)}`;
  return `${address.slice(0, 1)}***${address.slice(address.lastIndexOf('@'))}`;
}

/**
 * Reads a destination by its form, in the spelling that `requestOtp` stored it in, or null when it is neither a phone number
 * nor an e-mail address.
 */
export function parseDestination(text: string): Destination | null {
  if (/^\+[1-9]\d{7,14}$/.test(text)) return { channel: 'SMS', address: text };
  const email = parseEmailAddress(text);
  return email === null ? null : { channel: 'EMAIL', address: email };
}

interface Challenge {
  readonly closedAt: Date | null;
  readonly isConsumed: boolean;
  readonly attemptsRemaining: number;
}

/** Why a challenge takes no more codes. */
export function explainClosed(challenge: Challenge): 'USED' | 'EXHAUSTED' | 'EXPIRED' {
  if (challenge.isConsumed) return 'USED';
  if (challenge.closedAt === null && challenge.attemptsRemaining === 0) return 'EXHAUSTED';
  return 'EXPIRED';
}
