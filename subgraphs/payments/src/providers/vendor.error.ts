/**
 * What came of a vendor call that did not give what was asked.
 *
 * - `REFUSED`: the vendor said no; nothing happened there, and the same call would be refused again.
 * - `UNSENT`: nothing happened there, because the call never arrived or was turned away unread (no connection, 429,
 *   the vendor's circuit is open). Safe to try later or, before anything was placed there, at another vendor.
 * - `UNKNOWN`: time-out, reset, 5xx or an unreadable answer; it may have happened, so it is asked about, never assumed.
 */
export type VendorOutcome = 'REFUSED' | 'UNSENT' | 'UNKNOWN';

export interface VendorErrorOptions {
  readonly cause?: unknown;
  /** HTTP status of the answer. Absent: there was none. */
  readonly status?: number;
  /** The vendor's own word for it, such as `BAD_REQUEST_ERROR/input_validation_failed` or `334`; never a value. */
  readonly vendorCode?: string;
  /** How long the vendor asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A vendor call that did not give what was asked. The message names the outcome and codes, never what was sent. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly outcome: VendorOutcome;
  readonly status: number | undefined;
  /** The vendor's own word for it. Null: there is none. */
  readonly vendorCode: string | null;
  readonly retryAfterMs: number | undefined;
  /** For logs, which show the codes of errors and not their messages. */
  readonly code: string;

  constructor(outcome: VendorOutcome, options: VendorErrorOptions = {}) {
    const { status, vendorCode } = options;
    const details = [status && ` with status ${status}`, vendorCode && ` (${vendorCode})`]
      .filter(Boolean)
      .join('');
    super(`the vendor call ended ${outcome}${details}`, options);
    this.outcome = outcome;
    this.status = status;
    this.vendorCode = vendorCode ?? null;
    this.retryAfterMs = options.retryAfterMs;
    this.code = [outcome, status, vendorCode].filter(Boolean).join(' ');
  }
}
