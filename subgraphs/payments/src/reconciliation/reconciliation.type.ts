import { createConnectionType, DateTime, MoneyType, UserErrorType } from '@suvidha/subgraph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  PaymentGateway,
  ReconciliationBucket,
  ReconciliationScope,
  ReconciliationStatus,
} from '../generated/prisma/enums.ts';

registerEnumType(ReconciliationScope, {
  name: 'ReconciliationScope',
  description: 'What is compared.',
  valuesConfig: {
    YOUNG: { description: 'What of the period is undecided. Every 15 minutes, of the last day.' },
    ALL: { description: 'All of the period, and the books. Every day, of the last six.' },
  },
});

registerEnumType(ReconciliationStatus, {
  name: 'ReconciliationStatus',
  description: 'How far a comparison is.',
  valuesConfig: {
    RUNNING: { description: 'Payments and refunds are being compared: see checked and total.' },
    DONE: { description: 'All were compared.' },
  },
});

registerEnumType(ReconciliationBucket, {
  name: 'ReconciliationBucket',
  description: 'How a payment or refund of ours and the gateway agree.',
  valuesConfig: {
    MATCHED: { description: 'Both say the same.' },
    MISSING_HERE: {
      description:
        'The gateway has money that we did not know of, or gave some back that we did not ask for.',
    },
    MISSING_THERE: {
      description: 'We count money that the gateway does not have, or a refund that it does not know.',
    },
    AMOUNT_DIFFERS: { description: 'The amount or the currency is another.' },
    DUPLICATE: {
      description: 'The gateway took money for one order, or gave it back for one refund, more than once.',
    },
    STATUS_DIFFERS: { description: 'The gateway says something else of a refund than we do.' },
  },
});

@ObjectType('ReconciliationFinding', {
  description: 'A payment or refund on which our books and the gateway differ.',
})
export class ReconciliationFindingType {
  @Field(() => ID, { description: 'Identifies the finding.' })
  id!: string;

  @Field(() => ReconciliationBucket, { description: 'How they differ.' })
  bucket!: ReconciliationBucket;

  @Field(() => PaymentGateway, { description: 'The gateway.' })
  gateway!: PaymentGateway;

  @Field(() => ID, { nullable: true, description: 'Our payment. Null: there is none.' })
  paymentId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The gateway's id of the attempt to pay. Null: there is none.",
  })
  vendorPaymentId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Our refund. Null: it is about the payment itself, or we never asked for this refund.',
  })
  refundId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The gateway's id of the refund. Null: there is none, or it is about the payment itself.",
  })
  vendorRefundId!: string | null;

  @Field(() => MoneyType, {
    nullable: true,
    description: 'What we asked for: to be paid, or to be given back. Null: we did not.',
  })
  expected!: MoneyType | null;

  @Field(() => MoneyType, {
    nullable: true,
    description: 'What the gateway has, or gave back. Null: nothing, or it has not said.',
  })
  found!: MoneyType | null;

  @Field(() => Boolean, { description: 'Whether our books were brought to what is true.' })
  isRepaired!: boolean;
}

export const ReconciliationFindingConnection = createConnectionType(
  ReconciliationFindingType,
  'ReconciliationFinding',
);

@ObjectType('ReconciliationReport', { description: "One comparison of our books with the gateways'." })
export class ReconciliationReportType {
  @Field(() => ID, { description: 'Identifies the comparison.' })
  id!: string;

  @Field(() => ReconciliationScope, { description: 'What is compared.' })
  scope!: ReconciliationScope;

  @Field(() => ReconciliationStatus, { description: 'How far it is.' })
  status!: ReconciliationStatus;

  @Field(() => DateTime, { description: 'Payments and refunds started from this time on.' })
  from!: Date;

  @Field(() => DateTime, { description: 'Payments and refunds started before this time.' })
  to!: Date;

  @Field(() => Int, { description: 'How many payments and refunds there are to compare.' })
  total!: number;

  @Field(() => Int, { description: 'How many have been compared.' })
  checked!: number;

  @Field(() => Int, { description: 'On how many both say the same.' })
  matched!: number;

  @Field(() => Int, { description: 'Of how many we did not know that money came or went back.' })
  missingHere!: number;

  @Field(() => Int, { description: 'Of how many the gateway does not have what we count.' })
  missingThere!: number;

  @Field(() => Int, { description: 'On how many the amount or currency is another.' })
  amountDiffers!: number;

  @Field(() => Int, { description: 'How many were paid or given back more than once.' })
  duplicate!: number;

  @Field(() => Int, { description: 'On how many refunds the gateway says something else.' })
  statusDiffers!: number;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the kept balances are what all postings say, and sum to zero. Null: not checked.',
  })
  isLedgerEven!: boolean | null;

  @Field(() => DateTime, { description: 'When it was started.' })
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was done. Null: it runs.' })
  finishedAt!: Date | null;
}

export const ReconciliationReportConnection = createConnectionType(
  ReconciliationReportType,
  'ReconciliationReport',
);

@InputType({ description: "Starts a comparison of our books with the gateways'." })
export class StartReconciliationInput {
  @Field(() => ReconciliationScope, { defaultValue: 'ALL', description: 'What to compare.' })
  scope!: ReconciliationScope;

  @Field(() => DateTime, { description: 'Payments and refunds started from this time on.' })
  from!: Date;

  @Field(() => DateTime, { description: 'Those started before this time, 30 days later at most.' })
  to!: Date;
}

@ObjectType({ description: 'The outcome of starting a comparison.' })
export class StartReconciliationPayload {
  @Field(() => ReconciliationReportType, {
    nullable: true,
    description: 'The comparison; read it again for its progress. Null: see userErrors.',
  })
  report!: ReconciliationReportType | null;

  @Field(() => [UserErrorType], { description: 'Why it could not be started. Empty: it was.' })
  userErrors!: UserErrorType[];
}
