import { describe, expect, it } from 'vitest';
import { PaymentStatus } from '../generated/prisma/enums.ts';
import { canBePaid, canFollow, isOpen, isUnplaced, paymentTransitions } from './payment-status.rules.ts';

const all = Object.values(PaymentStatus);

/** Everything that can come after a status, itself included. */
function reachableFrom(start: PaymentStatus): Set<PaymentStatus> {
  const reached = new Set([start]);
  for (const status of reached) for (const next of paymentTransitions[status]) reached.add(next);
  return reached;
}

describe('the transition table', () => {
  it('is closed: it names every status and leads to none but those', () => {
    expect(Object.keys(paymentTransitions).toSorted()).toEqual(all.toSorted());
    expect(all).toEqual(expect.arrayContaining(Object.values(paymentTransitions).flat()));
  });

  it('reaches every status from CREATED', () => {
    expect([...reachableFrom('CREATED')].toSorted()).toEqual(all.toSorted());
  });

  it('never goes back to a state without money once money was taken', () => {
    const afterMoney: PaymentStatus[] = ['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED'];
    expect([...reachableFrom('CAPTURED')].toSorted()).toEqual(afterMoney);
  });

  it('lets a late success through wherever the payment looked lost', () => {
    for (const lost of ['FAILED', 'EXPIRED', 'CANCELLED'] as const)
      expect(canFollow(lost, 'CAPTURED')).toBe(true);
  });

  it('changes nothing by saying the same again', () => {
    expect(all.filter((status) => canFollow(status, status))).toEqual([]);
  });

  it('ends in REFUNDED and QUARANTINED only', () => {
    expect(all.filter((status) => paymentTransitions[status].length === 0)).toEqual([
      'REFUNDED',
      'QUARANTINED',
    ]);
  });
});

it('says in which states what is still awaited', () => {
  expect(all.filter(isUnplaced)).toEqual(['CREATED', 'UNKNOWN']);
  expect(all.filter(isOpen)).toEqual(['CREATED', 'PENDING', 'UNKNOWN', 'AUTHORIZED']);
  expect(all.filter(canBePaid)).toEqual([
    'CREATED',
    'PENDING',
    'UNKNOWN',
    'AUTHORIZED',
    'FAILED',
    'EXPIRED',
    'CANCELLED',
  ]);
});
