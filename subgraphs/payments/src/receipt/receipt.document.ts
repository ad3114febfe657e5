import { formatAmount, toMoney } from '@suvidha/money';
import type { PdfDocument } from '@suvidha/pdf';
import type { Receipt } from '../generated/prisma/client.ts';
import { nameOf } from '../payable/payable.name.ts';

const gateways = { RAZORPAY: 'Razorpay', PAYTM: 'Paytm' } as const;

/** A receipt as a document: the same receipt gives the same document. */
export function toReceiptDocument(
  receipt: Receipt,
  { merchantName, paymentNumber }: { readonly merchantName: string; readonly paymentNumber: string | null },
): PdfDocument {
  const isRefund = receipt.refundId !== null;
  const amount = toAmount(receipt);
  return {
    locale: 'en',
    issuer: { name: merchantName, lines: [] },
    title: isRefund ? 'Refund receipt' : 'Payment receipt',
    reference: receipt.number,
    status: { text: isRefund ? 'REFUNDED' : 'PAID', tone: 'good' },
    issuedAt: receipt.issuedAt,
    blocks: [
      {
        kind: 'fields',
        perRow: 2,
        fields: [
          { label: isRefund ? 'Given back on' : 'Received on', value: toDay(receipt.movedAt) },
          { label: 'Issued on', value: toDay(receipt.issuedAt) },
          { label: 'Gateway', value: gateways[receipt.gateway] },
          { label: "Gateway's reference", value: receipt.vendorReference ?? '-' },
          { label: 'Payment', value: receipt.paymentId },
          ...(paymentNumber ? [{ label: 'Belongs to receipt', value: paymentNumber }] : []),
        ],
      },
      {
        kind: 'table',
        columns: [
          { header: isRefund ? 'Refund of' : 'Payment of', share: 3 },
          { header: 'Amount', share: 1, align: 'right' },
        ],
        rows: [[nameOf(receipt), amount]],
      },
      {
        kind: 'totals',
        lines: [{ label: isRefund ? 'Given back' : 'Received', value: amount, isGrand: true }],
      },
    ],
    footnotes: ['This receipt was issued electronically and is valid without a signature.'],
  };
}

/** As people in India write it: ₹1,23,456.00. The text of the amount is exact; no floating point comes near it. */
function toAmount({ amountMinor, currency }: Receipt): string {
  const text = formatAmount(toMoney(amountMinor, currency)) as Intl.StringNumericLiteral;
  return new Intl.NumberFormat('en-IN', { style: 'currency', currency }).format(text);
}

function toDay(at: Date): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Kolkata',
    dateStyle: 'long',
    timeStyle: 'short',
  }).format(at);
  return `${text} IST`;
}
