import type { NewEvent } from '@suvidha/events';
import type { Receipt } from '../generated/prisma/client.ts';
import type { ReceiptUrl } from './receipt-url.ts';

/**
 * Tells that a receipt is there, and where. Whoever can read the address in the event log can read the receipt beside it.
 * @param payer not on the receipt, which outlives what is known of people
 */
export function toReceiptIssued(
  receipt: Receipt,
  { payer, address }: { readonly payer: string; readonly address: ReceiptUrl },
): NewEvent<'receipt.issued'> {
  return {
    type: 'receipt.issued',
    aggregateType: 'receipt',
    aggregateId: receipt.id,
    payload: {
      receiptId: receipt.id,
      number: receipt.number,
      paymentId: receipt.paymentId,
      refundId: receipt.refundId,
      payable: { type: receipt.payableType, id: receipt.payableId },
      ...(receipt.payableNumber !== null && { payableNumber: receipt.payableNumber }),
      payer,
      amountMinor: Number(receipt.amountMinor),
      currency: receipt.currency,
      movedAt: receipt.movedAt.toISOString(),
      url: address.url,
      urlExpiresAt: address.expiresAt.toISOString(),
    },
  };
}
