import { DateTime, Decimal, MoneyType, RowAccess, UserErrorType } from '@suvidha/subgraph';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { RefundCause, RefundStatus } from '../generated/prisma/enums.ts';

registerEnumType(RefundStatus, {
  name: 'RefundStatus',
  description: 'Where the money is on its way back.',
  valuesConfig: {
    CREATED: { description: 'Set aside for the payer; the gateway has not been asked yet.' },
    PENDING: { description: 'The gateway has taken it on.' },
    PROCESSED: { description: 'The money is back with the payer, or at their bank.' },
    FAILED: { description: 'It could not be given back this way; the money is with us.' },
    UNKNOWN: { description: 'The gateway was asked and its answer was lost; it is being asked again.' },
  },
});

registerEnumType(RefundCause, {
  name: 'RefundCause',
  description: 'Who wanted the money to go back.',
  valuesConfig: {
    REJECTED: { description: 'It could not be used for what it was paid for.' },
    SUPERSEDED: { description: 'The same debt had been paid by another attempt.' },
    OWNER: { description: 'What it was paid for was cancelled or returned.' },
    STAFF: { description: 'A person of staff.' },
  },
});

@ObjectType('Refund', { description: 'Money of one payment on its way back to the payer.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class RefundType {
  @Field(() => ID, { description: 'Identifies the refund.' })
  id!: string;

  @Field(() => MoneyType, { description: 'What goes back.' })
  amount!: MoneyType;

  @Field(() => RefundStatus, { description: 'Where the money is.' })
  status!: RefundStatus;

  @Field(() => RefundCause, { description: 'Who wanted it.' })
  cause!: RefundCause;

  @Field(() => String, { description: 'Why: a code of ours, or a sentence of staff.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: "The gateway's word for why it failed." })
  failureCode!: string | null;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the gateway had given it back. Null: not yet.',
  })
  processedAt!: Date | null;

  /** Not a field: leads to the payment. */
  paymentId!: string;
}

@ObjectType({ description: 'A change in the state of a refund.' })
export class RefundStatusEvent {
  @Field(() => RefundStatus, { description: 'The status after the change.' })
  status!: RefundStatus;

  @Field(() => RefundStatus, { nullable: true, description: 'The status before. Null: it is the first.' })
  previousStatus!: RefundStatus | null;

  @Field(() => DateTime, { description: 'When it changed.' })
  occurredAt!: Date;
}

@InputType({ description: 'Gives money of a payment back.' })
export class RefundPaymentInput {
  @Field(() => ID, { description: 'Which payment.' })
  paymentId!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: "How much, in the payment's currency. Absent: all that is left.",
  })
  amount?: string | null;

  @Field(() => String, { description: 'Why, 3 to 200 characters. The payer may read it.' })
  reason!: string;

  @Field(() => String, {
    description: 'Made and kept by the client, 8 to 128 characters: the same key gives money back once.',
  })
  idempotencyKey!: string;
}

@ObjectType({ description: 'The outcome of giving money back.' })
export class RefundPaymentPayload {
  @Field(() => RefundType, { nullable: true, description: 'The refund. Null: see userErrors.' })
  refund!: RefundType | null;

  @Field(() => [UserErrorType], { description: 'Why it could not be given back. Empty: it is on its way.' })
  userErrors!: UserErrorType[];
}
