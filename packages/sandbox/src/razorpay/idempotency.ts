import type { ServerResponse } from 'node:http';
import { razorpayErrors } from './razorpay.error.ts';

interface Entry {
  fingerprint: string;
  refundId: string;
  /** True until the first request is answered, or its client has gone. */
  isRunning: boolean;
}

const KEY = /^[A-Za-z0-9_-]{10,}$/;

/** What was done under each `X-Refund-Idempotency` key. A refused request leaves no trace. */
export class IdempotencyKeys {
  private readonly entries = new Map<string, Entry>();

  /**
   * The key of a request, null when it has none.
   *
   * @throws RazorpayError when it is too short or has other characters
   */
  static parse(header: string | string[] | undefined): string | null {
    if (header === undefined) return null;
    if (typeof header !== 'string' || !KEY.test(header)) throw razorpayErrors.idempotencyKeyInvalid();
    return header;
  }

  /**
   * The refund made under this key, null when it is new.
   *
   * @throws RazorpayError (409) when the first request is still running, or asked for something else
   */
  find(key: string, fingerprint: string): string | null {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    if (entry.fingerprint !== fingerprint) throw razorpayErrors.idempotencyMismatch();
    if (entry.isRunning) throw razorpayErrors.idempotencyInProgress();
    return entry.refundId;
  }

  record(done: { key: string; fingerprint: string; refundId: string; response: ServerResponse }): void {
    const entry: Entry = { fingerprint: done.fingerprint, refundId: done.refundId, isRunning: true };
    this.entries.set(done.key, entry);
    done.response.once('close', () => {
      entry.isRunning = false;
    });
  }

  clear(): void {
    this.entries.clear();
  }
}
