import { uuidv7 } from '@suvidha/db';
import type { DomainEvent, EventPayload } from '@suvidha/events';

type Captured = EventPayload<'payment.captured'>;

/**
 * An owner of payables, as billing is one: puts the first money for a payable to it, refuses what comes after, and
 * remembers both. Its answers are events that a test delivers when and as often as it likes.
 */
export class SimulatedOwner {
  /** What is put to the payable, by payment, in paise. */
  readonly allocated = new Map<string, number>();
  /** Answers and wishes, delivered or not. */
  readonly answers: DomainEvent[] = [];
  readonly #seen = new Set<string>();
  readonly #payableOf = new Map<string, Captured>();

  /** Takes an event of payments, once however often it comes. */
  consume(event: DomainEvent): void {
    if (this.#seen.has(event.id)) return;
    this.#seen.add(event.id);
    if (event.type === 'payment.captured') this.#answer(event.payload as Captured);
    if (event.type === 'refund.processed') this.#takeOff(event.payload as EventPayload<'refund.processed'>);
  }

  /** Wants money back for what was put to a payable. */
  wish(payableId: string, amountMinor: number): void {
    const [paymentId, captured] =
      [...this.#payableOf].find(([, { payable }]) => payable.id === payableId) ?? [];
    const allocated = (paymentId && this.allocated.get(paymentId)) || 0;
    if (!paymentId || !captured || amountMinor > allocated) return;
    const { payable, currency } = captured;
    // Staff may give the same money back at the same time: what is left on the books is settled at the end.
    this.#say('payable.refund_requested', captured, {
      payable,
      amountMinor,
      currency,
      reason: 'RETURNED',
      key: uuidv7(),
    });
  }

  #answer(captured: Captured): void {
    const { paymentId, payable, amountMinor, currency } = captured;
    const isPaid = [...this.#payableOf.values()].some(
      (other) => other.payable.id === payable.id && (this.allocated.get(other.paymentId) ?? 0) > 0,
    );
    const answer = { paymentId, payable, amountMinor, currency };
    if (isPaid) {
      this.#say('payable.rejected', captured, { ...answer, reason: 'ALREADY_PAID' });
      return;
    }
    this.#payableOf.set(paymentId, captured);
    this.allocated.set(paymentId, amountMinor);
    this.#say('payable.settled', captured, answer);
  }

  /** Money that went back is not put to the payable any more. */
  #takeOff({ paymentId, amountMinor }: EventPayload<'refund.processed'>): void {
    const allocated = this.allocated.get(paymentId);
    if (allocated !== undefined) this.allocated.set(paymentId, allocated - amountMinor);
  }

  #say(type: DomainEvent['type'], { payable }: Captured, payload: object): void {
    this.answers.push({
      id: uuidv7(),
      type,
      schemaVersion: 1,
      aggregateType: 'bill',
      aggregateId: payable.id,
      version: 1,
      occurredAt: new Date().toISOString(),
      payload,
    } as DomainEvent);
  }
}
