import { isUuid } from '@suvidha/db';
import { DateTime } from '@suvidha/subgraph';
import { Field, ID, InputType } from 'type-graphql';
import type { Prisma } from '../generated/prisma/client.ts';
import { PaymentGateway, PaymentStatus, SettlementStatus } from '../generated/prisma/enums.ts';

@InputType({ description: 'Which payments to list; all that is given must hold.' })
export class PaymentFilter {
  @Field(() => [PaymentStatus], { nullable: true, description: 'In one of these states.' })
  statuses?: PaymentStatus[] | null;

  @Field(() => [SettlementStatus], { nullable: true, description: 'With one of these settlements.' })
  settlements?: SettlementStatus[] | null;

  @Field(() => PaymentGateway, { nullable: true, description: 'Taken by this gateway.' })
  gateway?: PaymentGateway | null;

  @Field(() => ID, { nullable: true, description: 'For this bill, order or purchase.' })
  payableId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this person. Staff only: others see their own.' })
  userId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Started at this time or later.' })
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Started before this time.' })
  to?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'An id in full: of the payment, the payable, a refund, or of the order or payment at the gateway.',
  })
  search?: string | null;
}

/** The filter as the database takes it. What is absent filters nothing. */
export function toWhere(filter: PaymentFilter | null): Prisma.PaymentWhereInput {
  if (!filter) return {};
  const { statuses, settlements, gateway, payableId, userId, from, to, search } = filter;
  const conditions: (Prisma.PaymentWhereInput | false | null | undefined | '')[] = [
    statuses && { status: { in: statuses } },
    settlements && { settlement: { in: settlements } },
    gateway && { gateway },
    payableId && toPayable(payableId),
    userId && { payer: `user:${userId}` },
    from && { createdAt: { gte: from } },
    to && { createdAt: { lt: to } },
    search && toSearch(search.trim()),
  ];
  return { AND: conditions.filter((condition) => !!condition) };
}

function toPayable(payableId: string): Prisma.PaymentWhereInput {
  return isUuid(payableId) ? { payableId } : { id: { in: [] } };
}

function toSearch(text: string): Prisma.PaymentWhereInput {
  const atVendor = [{ vendorOrderId: text }, { vendorPaymentId: text }];
  if (isUuid(text))
    return { OR: [{ id: text }, { payableId: text }, { refunds: { some: { id: text } } }, ...atVendor] };
  return { OR: [...atVendor, { refunds: { some: { vendorRefundId: text } } }] };
}
