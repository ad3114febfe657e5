import type { Outcome } from '../payer/outcome.ts';
import type { Account, Payment } from './account.ts';
import type { Bank } from './bank.ts';
import { type Entity, type QrCodeTerms, toPaymentEntity, toQrCodeEntity } from './entity.ts';
import { createId } from './id.ts';
import type { Instrument } from './instrument.ts';
import type { Notes } from './notes.ts';
import { close, type QrCode, toCloseBy } from './qr-code.ts';
import { razorpayErrors } from './razorpay.error.ts';
import type { Refunds } from './refunds.ts';
import { unixNow } from './unix-time.ts';
import type { Webhooks } from './webhooks.ts';

export interface QrCodeRequest {
  name: string | null;
  usage: QrCode['usage'];
  paymentAmount: number | null;
  description: string | null;
  customerId: string | null;
  notes: Notes;
  closeBy: number | undefined;
  /** Where browsers reach the sandbox. */
  origin: string;
}

/** Where a code's picture is, below the sandbox's address. */
export function toImagePath(id: string): string {
  return `/razorpay/qr/${id}`;
}

/** UPI QR codes at counters, and what happens when somebody scans one. */
export class QrCodes {
  private readonly account: Account;
  private readonly bank: Bank;
  private readonly webhooks: Webhooks;
  private readonly refunds: Refunds;
  private readonly terms: QrCodeTerms;

  constructor(
    parts: { account: Account; bank: Bank; webhooks: Webhooks; refunds: Refunds },
    terms: QrCodeTerms,
  ) {
    this.account = parts.account;
    this.bank = parts.bank;
    this.webhooks = parts.webhooks;
    this.refunds = parts.refunds;
    this.terms = terms;
  }

  create({ closeBy, origin, ...request }: QrCodeRequest): QrCode {
    const id = createId('qr');
    const code: QrCode = {
      ...request,
      id,
      imageUrl: `${origin}${toImagePath(id)}`,
      status: 'active',
      closeBy: request.usage === 'single_use' ? toCloseBy(closeBy) : null,
      closedAt: null,
      closeReason: null,
      receivedAmount: 0,
      receivedCount: 0,
      createdAt: unixNow(),
    };
    this.account.qrCodes.set(code.id, code);
    this.webhooks.emit('qr_code.created', { qr_code: this.toEntity(code) });
    return code;
  }

  /** A code as it is now: one whose time is over is closed. */
  refresh(code: QrCode): QrCode {
    if (code.closeBy !== null && code.closeBy <= unixNow()) this.close(code, null);
    return code;
  }

  close(code: QrCode, reason: QrCode['closeReason']): void {
    if (code.status === 'closed') return;
    close(code, reason);
    this.webhooks.emit('qr_code.closed', { qr_code: this.toEntity(code) });
  }

  /** Somebody scans the code and pays, or tries to. @throws RazorpayError when it is closed */
  scan(scanned: {
    code: QrCode;
    instrument: Instrument;
    outcome: Outcome;
    amount?: number | undefined;
  }): Payment {
    const { code, instrument, outcome } = scanned;
    if (this.refresh(code).status === 'closed') throw razorpayErrors.qrCodeClosed();
    const amount = scanned.amount ?? code.paymentAmount ?? 100;
    const payment = this.bank.scan({ qrCodeId: code.id, instrument, outcome, amount });
    if (payment.status === 'captured') this.credit(code, payment);
    return payment;
  }

  /** Counts a payment that the bank has answered late; of two that paid a code for one the second goes back. */
  creditLate(payment: Payment): void {
    const code = payment.qrCodeId === null ? undefined : this.account.qrCodes.get(payment.qrCodeId);
    if (code === undefined || payment.status !== 'captured') return;
    if (code.closeReason === 'paid')
      this.refunds.create(payment, { speed: 'normal', receipt: null, notes: {} });
    else this.credit(code, payment);
  }

  toEntity(code: QrCode): Entity {
    return toQrCodeEntity(code, this.terms);
  }

  private credit(code: QrCode, payment: Payment): void {
    code.receivedAmount += payment.amount;
    code.receivedCount += 1;
    this.webhooks.emit('qr_code.credited', {
      payment: toPaymentEntity(payment),
      qr_code: this.toEntity(code),
    });
    if (code.usage === 'single_use') this.close(code, 'paid');
  }
}
