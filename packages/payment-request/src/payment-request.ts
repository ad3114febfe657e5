import { currencyExponents } from '@suvidha/money';
import { z } from 'zod';

/** What can be paid for. */
export enum PayableType {
  BILL = 'BILL',
  ORDER = 'ORDER',
  SERVICE_PURCHASE = 'SERVICE_PURCHASE',
}

/** Which subgraph owns each kind of payable, and so may issue payment requests for it. */
export const payableOwners: Readonly<Record<PayableType, 'billing' | 'commerce'>> = {
  [PayableType.BILL]: 'billing',
  [PayableType.ORDER]: 'commerce',
  [PayableType.SERVICE_PURCHASE]: 'billing',
};

export interface PayableReference {
  readonly type: PayableType;
  readonly id: string;
}

export const paymentRequestClaims = z.object({
  jti: z.string(),
  payable: z.object({ type: z.enum(PayableType), id: z.uuid() }),
  /** What its owner and its payer call the payable, such as the number of a bill: receipts name it. Absent: nothing. */
  payableNumber: z.string().min(1).max(50).optional(),
  /** The part of the payable that this pays: one open payment each. */
  installmentId: z.string(),
  payer: z.templateLiteral([z.enum(['user', 'guest']), ':', z.string().min(1)]),
  amountMinor: z.number().int().positive(),
  currency: z.enum(Object.keys(currencyExponents) as [keyof typeof currencyExponents]),
});

/** What is owed, by whom, stated and signed by the owner of the payable. The client cannot choose what it owes. */
export type PaymentRequest = z.output<typeof paymentRequestClaims>;

export const paymentRequestAudience = 'suvidha-payments';
export const paymentRequestType = 'payment-request+jwt';
export const paymentRequestAlgorithm = 'ES256';
