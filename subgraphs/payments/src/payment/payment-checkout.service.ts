import { UserError, UserErrorCode } from '@suvidha/errors';
import type { Log } from '@suvidha/log';
import type { GuestAccess } from '../access/guest-access.ts';
import type { Viewer } from '../access/viewer.ts';
import type { Gateways } from '../gateway/gateways.ts';
import type { Payment } from '../generated/prisma/client.ts';
import { type ConfirmationFields, VendorError } from '../providers/payment-gateway.ts';
import type { PaymentService } from './payment.service.ts';
import type { PaymentIntent, PaymentIntentService } from './payment-intent.service.ts';
import type { PaymentPlacementService } from './payment-placement.service.ts';
import type { PaymentResolutionService } from './payment-resolution.service.ts';
import { isUnplaced } from './payment-status.rules.ts';

export interface PaymentCheckoutDependencies {
  readonly payments: PaymentService;
  readonly intents: PaymentIntentService;
  readonly placement: PaymentPlacementService;
  readonly resolution: PaymentResolutionService;
  readonly gateways: Gateways;
  readonly guests: GuestAccess;
  readonly log: Log;
}

/** What a payer does: starts a payment, brings the vendor's word that it is done, asks how it stands. */
export class PaymentCheckoutService {
  readonly #parts: PaymentCheckoutDependencies;

  constructor(parts: PaymentCheckoutDependencies) {
    this.#parts = parts;
  }

  /**
   * Starts a payment, or finds the one that the same key started and goes on where it was left.
   * @throws UserError of {@link PaymentIntentService.record}, and IDEMPOTENCY_IN_PROGRESS while the first call with the
   * key is asking the vendor.
   */
  async initiate({ actor }: Viewer, intent: PaymentIntent): Promise<Payment> {
    const { payment, isRepeated } = await this.#parts.intents.record(actor, intent);
    if (!isUnplaced(payment.status)) return payment;
    const placed = isRepeated ? await this.#resume(payment) : await this.#parts.placement.place(payment);
    if (placed) return placed;
    throw new UserError(
      UserErrorCode.IDEMPOTENCY_IN_PROGRESS,
      'The first request with this idempotency key is still running: send the same again in a moment.',
      ['input', 'idempotencyKey'],
    );
  }

  /** The token by which a guest sees the payment. Null: its payer has an account. */
  toAccessToken(payment: Payment): string | null {
    return payment.payer.startsWith('guest:') ? this.#parts.guests.issue(payment) : null;
  }

  /**
   * Takes what the vendor's checkout handed to the client: a signature that holds makes us ask the vendor, and the
   * vendor's answer decides. When it cannot be asked, a job asks later.
   * @throws UserError NOT_FOUND, PAYMENT_SIGNATURE_INVALID.
   */
  async confirm(viewer: Viewer, paymentId: string, fields: ConfirmationFields): Promise<Payment> {
    const { payments, gateways, resolution, log } = this.#parts;
    const payment = await payments.get(viewer, paymentId);
    const { vendorOrderId } = payment;
    const gateway = gateways.get(payment.gateway);
    const reference = vendorOrderId && gateway.verifyConfirmation(vendorOrderId, fields);
    if (!reference) {
      log.error({ alert: 'confirmation-forged', paymentId }, 'a confirmation was not signed by the vendor');
      throw new UserError(
        UserErrorCode.PAYMENT_SIGNATURE_INVALID,
        'What the payment page handed over was not signed by the gateway for this payment.',
        ['input', 'fields'],
      );
    }
    return this.#orAsItIs(payment, () => resolution.confirm(payment, reference));
  }

  /**
   * Asks the vendor now.
   * @throws UserError NOT_FOUND, GATEWAY_UNAVAILABLE when the vendor cannot be asked; then nothing has changed.
   */
  async verify(viewer: Viewer, paymentId: string): Promise<Payment> {
    const payment = await this.#parts.payments.get(viewer, paymentId);
    try {
      return (await this.#parts.resolution.resolve(payment.id)) ?? payment;
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      this.#parts.log.warn({ paymentId, outcome: error.outcome, error }, 'the vendor could not be asked');
      throw new UserError(
        UserErrorCode.GATEWAY_UNAVAILABLE,
        'The payment gateway cannot be asked now: try again.',
        ['input', 'paymentId'],
      );
    }
  }

  /**
   * What a client hands to the vendor's own checkout. The caller has been given the payment. Null: nobody is to pay it,
   * or the vendor cannot be asked.
   */
  async findCheckoutParameters(paymentId: string): Promise<{ name: string; value: string }[] | null> {
    const { payments, gateways } = this.#parts;
    const payment = await payments.findGiven(paymentId);
    if (payment?.status !== 'PENDING' || payment.checkout !== 'HOSTED_PAGE' || !payment.vendorOrderId)
      return null;
    const { id, vendorOrderId, currency } = payment;
    const order = {
      paymentId: id,
      vendorOrderId,
      amountMinor: Number(payment.amountMinor),
      currency,
    };
    const ask = async () => gateways.get(payment.gateway).getCheckoutParameters(order);
    const parameters = await this.#orAsItIs(payment, ask);
    if (parameters === payment) return null;
    return Object.entries(parameters as Record<string, string>).map(([name, value]) => ({ name, value }));
  }

  /** A payer who waits for an order is not told of the vendor's faults: the janitor goes on. Null: somebody is at it. */
  #resume(payment: Payment): Promise<Payment | null> {
    return this.#orAsItIs(payment, () => this.#parts.placement.resume(payment));
  }

  async #orAsItIs<Result>(payment: Payment, ask: () => Promise<Result>): Promise<Result | Payment> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      this.#parts.log.warn(
        { paymentId: payment.id, outcome: error.outcome, error },
        'the vendor did not answer',
      );
      return payment;
    }
  }
}
