import { type Notes, unixNow } from './account.ts';
import type { Entity } from './entity.ts';

const MIN_LIFETIME_SECONDS = 2 * 60;
const MAX_LIFETIME_SECONDS = 2 * 60 * 60;

/** A UPI QR code. Amounts are in paise, times in unix seconds. */
export interface QrCode {
  id: string;
  name: string | null;
  usage: 'single_use' | 'multiple_use';
  /** What is to be paid; null when the payer chooses. */
  paymentAmount: number | null;
  description: string | null;
  customerId: string | null;
  notes: Notes;
  status: 'active' | 'closed';
  /** Null: it does not close by itself. */
  closeBy: number | null;
  closedAt: number | null;
  closeReason: 'on_demand' | 'paid' | null;
  receivedAmount: number;
  receivedCount: number;
  createdAt: number;
}

/** When a code closes by itself: between 2 minutes and 2 hours ahead, 2 hours unless asked for. */
export function toCloseBy(wanted: number | undefined, now = unixNow()): number {
  const latest = now + MAX_LIFETIME_SECONDS;
  return Math.min(Math.max(wanted ?? latest, now + MIN_LIFETIME_SECONDS), latest);
}

export function close(code: QrCode, reason: QrCode['closeReason']): void {
  if (code.status === 'closed') return;
  code.status = 'closed';
  code.closedAt = unixNow();
  code.closeReason = reason;
}

/** The address in the code, which a UPI app opens. */
export function toUpiUri(code: QrCode, merchantName: string): string {
  const payee = { pa: 'suvidha.sandbox@rzp', pn: merchantName, cu: 'INR', tr: code.id };
  const query = new URLSearchParams(payee);
  if (code.paymentAmount !== null) query.set('am', (code.paymentAmount / 100).toFixed(2));
  return `upi://pay?${query}`;
}

export function toQrCodeEntity(code: QrCode, merchantName: string): Entity {
  return {
    id: code.id,
    entity: 'qr_code',
    created_at: code.createdAt,
    name: code.name,
    usage: code.usage,
    type: 'upi_qr',
    image_url: null,
    image_content: toUpiUri(code, merchantName),
    payment_amount: code.paymentAmount,
    status: code.status,
    description: code.description,
    fixed_amount: code.paymentAmount !== null,
    payments_amount_received: code.receivedAmount,
    payments_count_received: code.receivedCount,
    notes: Object.keys(code.notes).length === 0 ? [] : code.notes,
    customer_id: code.customerId,
    close_by: code.closeBy,
    closed_at: code.closedAt,
    close_reason: code.closeReason,
  };
}
