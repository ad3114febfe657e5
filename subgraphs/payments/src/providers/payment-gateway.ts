/** An order at the vendor: what a payer pays. */
export interface VendorOrder {
  readonly id: string;
  /** Our payment id, which we gave as the vendor's `receipt`. */
  readonly receipt: string | null;
  /** Where the payer pays. */
  readonly checkoutUrl: string;
}

/** One attempt to pay an order, in our words. An answer we do not know is `CREATED`: nothing is decided yet. */
export interface VendorPayment {
  readonly id: string;
  readonly orderId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly status: 'CREATED' | 'AUTHORIZED' | 'CAPTURED' | 'FAILED';
}

export interface OrderRequest {
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly returnUrl: string;
}

export interface RefundRequest {
  readonly refundId: string;
  readonly vendorPaymentId: string;
  readonly amountMinor: number;
}

/** A webhook whose signature holds. */
export interface VerifiedWebhook {
  /** The same on each delivery of one event. */
  readonly eventId: string;
}

/**
 * What every payment vendor can do for us. Calls reject with a {@link VendorError} that says whether the vendor
 * refused or whether nobody knows what happened.
 */
export interface PaymentGatewayPort {
  createOrder(request: OrderRequest): Promise<VendorOrder>;
  /** Finds the order made for a payment, when an answer was lost. */
  findOrder(request: OrderRequest): Promise<VendorOrder | null>;
  getOrder(orderId: string): Promise<VendorOrder>;
  listPayments(orderId: string): Promise<VendorPayment[]>;
  getPayment(vendorPaymentId: string): Promise<VendorPayment>;
  /** Gives money back; the same refund id never does so twice. */
  refund(request: RefundRequest): Promise<{ readonly id: string }>;
  /** Checks the signature over the raw bytes. Null: it does not hold. */
  verifyWebhook(body: Buffer, headers: Readonly<Record<string, unknown>>): VerifiedWebhook | null;
  /** The vendor's payment that a stored webhook speaks of. Null: it speaks of none. */
  readWebhook(body: Buffer): { readonly vendorPaymentId: string } | null;
}

/** A vendor call that did not give what was asked. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  /** `REFUSED`: nothing happened there. `UNKNOWN`: time-out, reset or 5xx, so it may have happened. */
  readonly outcome: 'REFUSED' | 'UNKNOWN';

  constructor(outcome: 'REFUSED' | 'UNKNOWN', options?: { cause?: unknown; status?: number }) {
    super(
      `the vendor call ended ${outcome}${options?.status ? ` with status ${options.status}` : ''}`,
      options,
    );
    this.outcome = outcome;
  }
}
