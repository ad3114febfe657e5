export { VendorError, type VendorErrorOptions, type VendorOutcome } from './vendor.error.ts';

/** The vendors, as the graph and the database name them. */
export type GatewayName = 'RAZORPAY' | 'PAYTM';

/** How a payer pays: on a page, or by scanning a UPI QR code at a counter. */
export type CheckoutMethod = 'HOSTED_PAGE' | 'UPI_QR';

/** An order at the vendor: what a payer pays. */
export interface VendorOrder {
  /** The vendor's id; at Paytm it is our payment id. */
  readonly id: string;
  /** Our payment id, which we gave as the vendor's `receipt`. */
  readonly receipt: string | null;
  /** Our page where the payer pays. */
  readonly checkoutUrl: string;
}

/** One attempt to pay an order, in our words. An answer we do not know is `CREATED`: nothing is decided yet. */
export interface VendorPayment {
  readonly id: string;
  /** The order, or the UPI QR code, that was paid. */
  readonly orderId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly status: 'CREATED' | 'AUTHORIZED' | 'CAPTURED' | 'FAILED';
  /** What the vendor keeps of a captured payment, its tax included. Null: it has not said. */
  readonly feeMinor: number | null;
  /** The vendor's own word for why it failed. Null: it did not. */
  readonly failureCode: string | null;
}

/** Which attempt at the vendor. A vendor knows it by its own id or by its order; one of the two is there. */
export interface VendorReference {
  readonly paymentId: string | null;
  readonly orderId: string | null;
}

/** Money on its way back at the vendor. A word we do not know is `PENDING`: nothing is decided yet. */
export interface VendorRefund {
  readonly id: string;
  /** Our refund id, as the vendor keeps it. Null: it was not asked for by us. */
  readonly refundId: string | null;
  /** The vendor's id of the payment. */
  readonly vendorPaymentId: string;
  /** Null: it has not said. */
  readonly amountMinor: number | null;
  readonly currency: string;
  readonly status: 'PENDING' | 'PROCESSED' | 'FAILED';
  /** The vendor's own word for why it failed. Null: it did not. */
  readonly failureCode: string | null;
}

export interface OrderRequest {
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface RefundRequest {
  /** Our refund id: the vendor's idempotency key, and its reference to us. */
  readonly refundId: string;
  readonly vendorPaymentId: string;
  readonly vendorOrderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** A webhook whose signature holds. */
export interface VerifiedWebhook {
  /** The same on each delivery of one event. */
  readonly eventId: string;
}

/** What a stored webhook speaks of. It is a hint to ask the vendor, never the truth itself. */
export type WebhookHint =
  | ({ readonly kind: 'PAYMENT' } & VendorReference)
  | {
      readonly kind: 'REFUND';
      readonly vendorRefundId: string;
      /** Ours, where the vendor repeats it. */
      readonly refundId: string | null;
    };

/**
 * What a client that brings the vendor's own checkout (web script, mobile SDK) hands to it, by the vendor's names.
 * Razorpay: `key`, `order_id`, `amount`, `currency`, `name`. Paytm: `mid`, `orderId`, `txnToken`, `amount`, `callbackUrl`.
 */
export type CheckoutParameters = Readonly<Record<string, string>>;

/** How our checkout page lets a browser pay. */
export type BrowserCheckout =
  | {
      /** The vendor's script opens its checkout over our page and hands the signed result to it. */
      readonly kind: 'SCRIPT';
      readonly scriptUrl: string;
      /** Sources (CSP Level 3) that the script loads from, frames and talks to. */
      readonly sources: readonly string[];
      readonly options: CheckoutParameters;
    }
  | {
      /** The browser posts these fields to the vendor's page, which posts the signed result to our callback. */
      readonly kind: 'FORM';
      readonly action: string;
      readonly fields: Readonly<Record<string, string>>;
    };

/** What a vendor's checkout hands to the client when the payer is done, field by field as it came. */
export type ConfirmationFields = Readonly<Record<string, string>>;

/** A UPI QR code at a counter, which any UPI app can pay once. */
export interface QrCodeRequest {
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The counter or kiosk that shows it. */
  readonly counterId: string;
  /** Nobody can pay it afterwards. Razorpay: 2 minutes to 2 hours ahead. */
  readonly expiresAt: Date;
}

export interface VendorQrCode {
  /** Stands for the order in every other call. */
  readonly id: string;
  /** Our payment id. Null: it was not made by us. */
  readonly receipt: string | null;
  /** The `upi://pay` address that the code holds. Null: the vendor gives only a picture of it. */
  readonly upiUri: string | null;
  /** The picture: the vendor's, or ours of {@link upiUri}. */
  readonly imageUrl: string;
}

/**
 * How a vendor is, as our own calls found it. `OPEN`: calls end `UNSENT` at once. `HALF_OPEN`: one call may try.
 */
export type GatewayHealth = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

/** Times between which something was made at the vendor, both included. */
export interface ListingWindow {
  readonly from: Date;
  readonly to: Date;
}

/** What does not change from call to call. */
export interface GatewayTerms {
  readonly name: GatewayName;
  /** ISO 4217 codes of what the vendor takes. */
  readonly currencies: readonly string[];
  /** How payers may pay there: an account does not have everything that the vendor has. */
  readonly checkouts: readonly CheckoutMethod[];
  /** What a payment costs us, in hundredths of a percent: AUTO prefers the cheaper of two healthy ones. */
  readonly feeBasisPoints: number;
}

/**
 * What every payment vendor can do for us. Calls reject with a {@link VendorError} that says whether the vendor
 * refused or whether nobody knows what happened.
 */
export interface PaymentGatewayPort {
  readonly terms: GatewayTerms;
  health(): GatewayHealth;
  /** What it will keep of a payment by the terms of our contract, in minor units, tax included. */
  estimateFeeMinor(amountMinor: number): number;
  createOrder(request: OrderRequest): Promise<VendorOrder>;
  /** Finds the order made for a payment, when an answer was lost. */
  findOrder(request: OrderRequest): Promise<VendorOrder | null>;
  /** An order, or the QR code that stands for one. */
  getOrder(orderId: string): Promise<VendorOrder | VendorQrCode>;
  /** For a client that opens the vendor's checkout by itself. Safe to repeat. */
  getCheckoutParameters(
    request: OrderRequest & { readonly vendorOrderId: string },
  ): Promise<CheckoutParameters>;
  /** The same for our own page. Safe to repeat. */
  getBrowserCheckout(request: OrderRequest & { readonly vendorOrderId: string }): Promise<BrowserCheckout>;
  /** The order that a browser callback claims to be about, before anything is checked. Null: none. */
  findCallbackOrder(fields: ConfirmationFields): string | null;
  /** All attempts to pay an order or a QR code. */
  listPayments(orderId: string): Promise<VendorPayment[]>;
  getPayment(reference: VendorReference): Promise<VendorPayment>;
  /** Takes the money that a bank has set aside. Money that was taken already is no error. */
  capture(payment: VendorPayment): Promise<VendorPayment>;
  /** Gives money back; the same refund id never does so twice. */
  refund(request: RefundRequest): Promise<VendorRefund>;
  /** Finds the refund made under our id, when an answer was lost or a change is awaited. */
  findRefund(request: RefundRequest): Promise<VendorRefund | null>;
  /** Attempts to pay that were made in the window, for reconciliation. Null: the vendor has no such list. */
  listPaymentsBetween(window: ListingWindow): Promise<VendorPayment[] | null>;
  /** Refunds that were asked for in the window, likewise. */
  listRefundsBetween(window: ListingWindow): Promise<VendorRefund[] | null>;
  /**
   * Each call makes another code. Where an answer was lost that does no harm: nobody was shown the first one, so nobody
   * can pay it, and it closes by itself.
   */
  createQrCode(request: QrCodeRequest): Promise<VendorQrCode>;
  /** Nobody can pay it from now on, where the vendor lets us say so. Closed before is no error. */
  closeQrCode(id: string): Promise<void>;
  /** Checks what the client hands on against our own order. Null: the signature does not hold. */
  verifyConfirmation(vendorOrderId: string, fields: ConfirmationFields): VendorReference | null;
  /** Checks the signature over the raw bytes. Null: it does not hold. */
  verifyWebhook(body: Buffer, headers: Readonly<Record<string, unknown>>): VerifiedWebhook | null;
  /** What a stored webhook speaks of. Null: nothing that concerns us. */
  readWebhook(body: Buffer): WebhookHint | null;
}
