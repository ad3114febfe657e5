import type { Notes } from './notes.ts';
import { unixNow } from './unix-time.ts';

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
  /** Where its picture is. */
  imageUrl: string;
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
