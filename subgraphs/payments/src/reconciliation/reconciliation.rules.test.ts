import { describe, expect, it } from 'vitest';
import type { PaymentStatus, RefundStatus } from '../generated/prisma/enums.ts';
import type { VendorPayment, VendorRefund } from '../providers/payment-gateway.ts';
import { toBucket, toNextRun, toRefundBucket } from './reconciliation.rules.ts';

const ours = (status: PaymentStatus) => ({ status, amountMinor: 100n, currency: 'INR' });
const theirs = (status: VendorPayment['status'], amountMinor = 100, currency = 'INR'): VendorPayment => ({
  id: 'pay_1',
  orderId: 'order_1',
  amountMinor,
  currency,
  status,
  feeMinor: null,
  failureCode: null,
});

describe('toBucket', () => {
  it.each([
    ['CAPTURED', [theirs('CAPTURED')], 'MATCHED'],
    ['REFUNDED', [theirs('FAILED'), theirs('CAPTURED')], 'MATCHED'],
    ['FAILED', [theirs('FAILED')], 'MATCHED'],
    ['EXPIRED', [], 'MATCHED'],
    ['EXPIRED', [theirs('CAPTURED')], 'MISSING_HERE'],
    ['CAPTURED', [], 'MISSING_THERE'],
    ['CAPTURED', [theirs('FAILED')], 'MISSING_THERE'],
    ['CAPTURED', [theirs('CAPTURED', 99)], 'AMOUNT_DIFFERS'],
    ['QUARANTINED', [theirs('CAPTURED', 99)], 'AMOUNT_DIFFERS'],
    ['PENDING', [theirs('CAPTURED', 100, 'USD')], 'AMOUNT_DIFFERS'],
    ['CAPTURED', [theirs('CAPTURED'), theirs('CAPTURED')], 'DUPLICATE'],
  ] as const)('puts %s beside %j into %s', (status, attempts, bucket) => {
    expect(toBucket(ours(status), attempts)).toBe(bucket);
  });
});

const theirRefund = (
  status: VendorRefund['status'],
  amountMinor: number | null = 100,
  currency = 'INR',
): VendorRefund => ({
  id: 'rfnd_1',
  refundId: null,
  vendorPaymentId: 'pay_1',
  amountMinor,
  currency,
  status,
  failureCode: null,
});

describe('toRefundBucket', () => {
  it.each([
    ['PENDING', theirRefund('PENDING'), 'MATCHED'],
    ['PROCESSED', theirRefund('PROCESSED'), 'MATCHED'],
    ['PROCESSED', theirRefund('PROCESSED', null), 'MATCHED'],
    ['FAILED', theirRefund('FAILED'), 'MATCHED'],
    ['FAILED', null, 'MATCHED'],
    ['CREATED', null, 'MATCHED'],
    ['UNKNOWN', null, 'MATCHED'],
    ['PENDING', null, 'MISSING_THERE'],
    ['PROCESSED', null, 'MISSING_THERE'],
    ['PROCESSED', theirRefund('PROCESSED', 101), 'AMOUNT_DIFFERS'],
    ['PENDING', theirRefund('PROCESSED', 100, 'USD'), 'AMOUNT_DIFFERS'],
    ['CREATED', theirRefund('PENDING'), 'STATUS_DIFFERS'],
    ['UNKNOWN', theirRefund('FAILED'), 'STATUS_DIFFERS'],
    ['PENDING', theirRefund('PROCESSED'), 'STATUS_DIFFERS'],
    ['PROCESSED', theirRefund('FAILED'), 'STATUS_DIFFERS'],
    ['FAILED', theirRefund('PROCESSED'), 'STATUS_DIFFERS'],
  ] as const)('puts %s beside %j into %s', (status: RefundStatus, theirs, bucket) => {
    expect(toRefundBucket({ status, amountMinor: 100n, currency: 'INR' }, theirs)).toBe(bucket);
  });
});

describe('toNextRun', () => {
  it.each([
    ['YOUNG', '2026-01-01T10:00:00.000Z', '2026-01-01T10:15:00.000Z'],
    ['YOUNG', '2026-01-01T10:14:59.999Z', '2026-01-01T10:15:00.000Z'],
    ['ALL', '2026-01-01T21:29:59.999Z', '2026-01-01T21:30:00.000Z'],
    ['ALL', '2026-01-01T21:30:00.000Z', '2026-01-02T21:30:00.000Z'],
    ['ALL', '2026-01-02T03:00:00.000Z', '2026-01-02T21:30:00.000Z'],
  ] as const)('of %s at %s is %s', (scope, now, next) => {
    expect(toNextRun(scope, new Date(now)).toISOString()).toBe(next);
  });
});
