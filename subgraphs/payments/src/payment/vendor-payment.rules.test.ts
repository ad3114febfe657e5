import { describe, expect, it } from 'vitest';
import type { VendorPayment } from '../providers/payment-gateway.ts';
import { decisiveAttempt, toStatus } from './vendor-payment.rules.ts';

const expected = {
  status: 'PENDING',
  vendorOrderId: 'order_1',
  vendorPaymentId: null,
  amountMinor: 49_900n,
  currency: 'INR',
} as const;

const attempt = (change: Partial<VendorPayment>): VendorPayment => ({
  id: 'pay_1',
  orderId: 'order_1',
  amountMinor: 49_900,
  currency: 'INR',
  status: 'CAPTURED',
  feeMinor: null,
  failureCode: null,
  ...change,
});

describe('toStatus', () => {
  it.each([
    ['CAPTURED', 'CAPTURED'],
    ['AUTHORIZED', 'AUTHORIZED'],
    ['FAILED', 'FAILED'],
    ['CREATED', null],
  ] as const)('takes %s for %s', (status, taken) => {
    expect(toStatus(expected, attempt({ status }))).toBe(taken);
  });

  it.each([
    ['amount', { amountMinor: 49_899 }],
    ['currency', { currency: 'USD' }],
    ['order', { orderId: 'order_2' }],
    ['order, of which it has none,', { orderId: null }],
  ])('sets money with another %s apart', (_what, change) => {
    expect(toStatus(expected, attempt(change))).toBe('QUARANTINED');
    expect(toStatus(expected, attempt({ ...change, status: 'AUTHORIZED' }))).toBe('QUARANTINED');
  });

  it('takes no failure of another attempt for the end of one that is authorized', () => {
    const authorized = { ...expected, status: 'AUTHORIZED', vendorPaymentId: 'pay_1' } as const;
    expect(toStatus(authorized, attempt({ id: 'pay_2', status: 'FAILED' }))).toBeNull();
    expect(toStatus(authorized, attempt({ id: 'pay_1', status: 'FAILED' }))).toBe('FAILED');
  });
});

it('lets money taken outweigh money refused, in whatever order the attempts are listed', () => {
  const attempts = (['FAILED', 'CAPTURED', 'CREATED', 'AUTHORIZED'] as const).map((status) =>
    attempt({ status }),
  );
  expect(decisiveAttempt(attempts)?.status).toBe('CAPTURED');
  expect(decisiveAttempt(attempts.toReversed())?.status).toBe('CAPTURED');
  expect(decisiveAttempt([])).toBeUndefined();
});
