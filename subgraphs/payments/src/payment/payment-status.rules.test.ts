import { describe, expect, it } from 'vitest';
import { PaymentStatus } from '../generated/prisma/enums.ts';
import {
  canBePaid,
  canFollow,
  isMoneyTaken,
  isOpen,
  isUnplaced,
  paymentTransitions,
  toRefundedStatus,
} from './payment-status.rules.ts';

const all = Object.values(PaymentStatus);

const nextOf = (status: PaymentStatus) => Object.keys(paymentTransitions[status]) as PaymentStatus[];

/** Everything that can come after a status, itself included. */
function reachableFrom(start: PaymentStatus): Set<PaymentStatus> {
  const reached = new Set([start]);
  for (const status of reached) for (const next of nextOf(status)) reached.add(next);
  return reached;
}

describe('the transition table', () => {
  it('is closed: it names every status and leads to none but those', () => {
    expect(Object.keys(paymentTransitions).toSorted()).toEqual(all.toSorted());
    expect(all).toEqual(expect.arrayContaining(all.flatMap(nextOf)));
  });

  it('reaches every status from CREATED', () => {
    expect([...reachableFrom('CREATED')].toSorted()).toEqual(all.toSorted());
  });

  it('never goes back to a state without money once money was taken', () => {
    const afterMoney: PaymentStatus[] = ['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED'];
    expect([...reachableFrom('CAPTURED')].toSorted()).toEqual(afterMoney);
    expect(all.filter(isMoneyTaken)).toEqual(afterMoney);
  });

  it('lets a late success through wherever the payment looked lost', () => {
    for (const lost of ['FAILED', 'EXPIRED', 'CANCELLED'] as const)
      expect(canFollow(lost, 'CAPTURED')).toBe(true);
  });

  it('never goes back in rank but where the bank or the vendor takes something back', () => {
    const rank: readonly PaymentStatus[][] = [
      ['CREATED'],
      ['PENDING', 'UNKNOWN'],
      ['AUTHORIZED', 'FAILED', 'EXPIRED', 'CANCELLED'],
      ['CAPTURED', 'QUARANTINED'],
      ['PARTIALLY_REFUNDED'],
      ['REFUNDED'],
    ];
    const rankOf = (status: PaymentStatus) => rank.findIndex((group) => group.includes(status));
    const back = all.flatMap((from) =>
      nextOf(from)
        .filter((to) => rankOf(to) < rankOf(from))
        .map((to) => `${from} ${to}`),
    );
    expect(back).toEqual(['PARTIALLY_REFUNDED CAPTURED', 'REFUNDED PARTIALLY_REFUNDED', 'REFUNDED CAPTURED']);
  });

  it('changes nothing by saying the same again', () => {
    expect(all.filter((status) => canFollow(status, status))).toEqual([]);
  });

  it('knows only what it says, not what every object has', () => {
    expect(canFollow('CREATED', 'toString' as PaymentStatus)).toBe(false);
  });

  it('ends in QUARANTINED only', () => {
    expect(all.filter((status) => nextOf(status).length === 0)).toEqual(['QUARANTINED']);
  });
});

it.each([
  [0n, 'CAPTURED'],
  [1n, 'PARTIALLY_REFUNDED'],
  [99n, 'PARTIALLY_REFUNDED'],
  [100n, 'REFUNDED'],
] as const)('calls a payment of 100 with %s given back %s', (refundedMinor, status) => {
  expect(toRefundedStatus({ amountMinor: 100n, refundedMinor })).toBe(status);
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
