import type { DomainEvent } from '@suvidha/events';
import { toMoney } from '@suvidha/money';
import { toMoneyType } from '@suvidha/subgraph';
import type { Refund } from '../generated/prisma/client.ts';
import type { RefundStatus } from '../generated/prisma/enums.ts';
import type { RefundSnapshot } from './refund.record.ts';
import type { RefundStatusEvent, RefundType } from './refund.type.ts';

export function toRefundType(refund: Refund): RefundType {
  return { ...refund, amount: toMoneyType(toMoney(refund.amountMinor, refund.currency)) };
}

export function toRefundStatusEvent(event: DomainEvent): RefundStatusEvent {
  const { status, previousStatus } = event.payload as RefundSnapshot;
  return {
    status,
    previousStatus: previousStatus as RefundStatus | null,
    occurredAt: new Date(event.occurredAt),
  };
}
