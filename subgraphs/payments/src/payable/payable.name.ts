import type { Payment } from '../generated/prisma/client.ts';

const kinds = { BILL: 'Bill', ORDER: 'Order', SERVICE_PURCHASE: 'Purchase' } as const;

/** What is paid for, as its payer knows it: `Bill WA-202610-3`. */
export function nameOf(payable: Pick<Payment, 'payableType' | 'payableId' | 'payableNumber'>): string {
  return `${kinds[payable.payableType]} ${payable.payableNumber ?? payable.payableId}`;
}
