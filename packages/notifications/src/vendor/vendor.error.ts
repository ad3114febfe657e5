/**
 * What came of a vendor call that did not end with a message taken.
 *
 * - `UNDELIVERABLE`: this destination cannot be reached by anybody: invalid, opted out, bounced, gone. Final.
 * - `REFUSED`: the vendor will not send it, though the destination is not at fault: credentials, region, unknown text.
 * - `NOT_SENT`: nothing was sent for now: no connection, too many requests, the circuit is open.
 * - `UNKNOWN`: time-out, reset, 5xx or an unreadable answer: it may have been sent.
 */
export type VendorOutcome = 'UNDELIVERABLE' | 'REFUSED' | 'NOT_SENT' | 'UNKNOWN';

/** A vendor call without a message taken. Names the outcome and the vendor's code, never what was sent or to whom. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly outcome: VendorOutcome;
  /** In a word that is stored with the delivery, such as `TWILIO_21610`. */
  readonly code: string;

  constructor(outcome: VendorOutcome, code: string, cause?: unknown) {
    super(`the vendor call ended ${outcome} (${code})`, cause === undefined ? undefined : { cause });
    this.outcome = outcome;
    this.code = code;
  }
}
