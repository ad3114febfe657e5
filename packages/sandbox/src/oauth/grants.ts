import { createHash, randomBytes } from 'node:crypto';

interface Entry<T> {
  readonly value: T;
  readonly expiresAt: number;
}

/** What a secret that was handed out stands for: codes, which serve once, and tokens, which serve until they expire. */
export class Grants<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly prefix: string;
  private readonly lifetimeMs: number;

  constructor(options: { prefix?: string; lifetimeMs: number }) {
    this.prefix = options.prefix ?? '';
    this.lifetimeMs = options.lifetimeMs;
  }

  /** Hands out a new secret. */
  issue(value: T): string {
    const secret = `${this.prefix}${randomBytes(32).toString('base64url')}`;
    this.entries.set(secret, { value, expiresAt: Date.now() + this.lifetimeMs });
    return secret;
  }

  /** What the secret stands for; null when it is unknown, expired or used up. */
  find(secret: string): T | null {
    const entry = this.entries.get(secret);
    return entry === undefined || entry.expiresAt <= Date.now() ? null : entry.value;
  }

  /** Like {@link find}, and uses it up. */
  take(secret: string): T | null {
    const value = this.find(secret);
    this.entries.delete(secret);
    return value;
  }

  revoke(secret: string): void {
    this.entries.delete(secret);
  }

  clear(): void {
    this.entries.clear();
  }
}

/** Whether the verifier is what the challenge was made of (RFC 7636 §4.6). */
export function isPkceMet(
  asked: { codeChallenge: string | null; codeChallengeMethod: string },
  verifier: string | undefined,
): boolean {
  if (asked.codeChallenge === null) return true;
  if (verifier === undefined) return false;
  const given =
    asked.codeChallengeMethod === 'S256'
      ? createHash('sha256').update(verifier).digest('base64url')
      : verifier;
  return given === asked.codeChallenge;
}
