import { RowAccess } from '@suvidha/subgraph';
import { createUnionType, Directive, Field, ID, ObjectType } from 'type-graphql';
import type { PayableType } from '../generated/prisma/enums.ts';

/** The bill, which is billing's. Payments only adds what was paid for it. */
@ObjectType('Bill', { description: 'What is owed for one connection and one period.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class BillStub {
  @Field(() => ID, { description: 'Identifies the bill.' })
  id!: string;
}

/** The order, which is commerce's. */
@ObjectType('Order', { description: 'What somebody bought in the shop.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class OrderStub {
  @Field(() => ID, { description: 'Identifies the order.' })
  id!: string;
}

/** The purchase of a service, which is billing's. */
@ObjectType('ServicePurchase', {
  description: 'A service of another company that somebody bought through us.',
})
@Directive('@key(fields: "id")')
@RowAccess()
export class ServicePurchaseStub {
  @Field(() => ID, { description: 'Identifies the purchase.' })
  id!: string;
}

const stubs = { BILL: BillStub, ORDER: OrderStub, SERVICE_PURCHASE: ServicePurchaseStub } as const;

export type PayableStub = BillStub | OrderStub | ServicePurchaseStub;

/** What a payment is for, as a reference that its owner resolves. */
export function toPayableStub({
  type,
  id,
}: {
  readonly type: PayableType;
  readonly id: string;
}): PayableStub {
  return Object.assign(new stubs[type](), { id });
}

export const Payable = createUnionType({
  name: 'Payable',
  description: 'What can be paid for.',
  types: () => [BillStub, OrderStub, ServicePurchaseStub] as const,
  resolveType: (value) => value.constructor as typeof BillStub,
});
