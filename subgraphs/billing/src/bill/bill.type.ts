import { createConnectionType, DateTime, MoneyType, RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { BillStatus } from '../generated/prisma/enums.ts';

registerEnumType(BillStatus, {
  name: 'BillStatus',
  description: 'Whether a bill is paid.',
  valuesConfig: {
    DUE: { description: 'Something is still owed.' },
    PAID: { description: 'Nothing is owed any more.' },
  },
});

@ObjectType('Bill', { description: 'What is owed for one connection and one period.' })
@Directive('@key(fields: "id")')
@Directive('@key(fields: "billNumber")')
@RowAccess()
export class BillType {
  @Field(() => ID, { description: 'Identifies the bill.' })
  id!: string;

  @Field(() => String, { description: 'The number printed on the bill.' })
  billNumber!: string;

  @Field(() => BillStatus, { description: 'Whether it is paid.' })
  status!: BillStatus;

  @Field(() => DateTime, { description: 'First moment of the billed period.' })
  periodStart!: Date;

  @Field(() => DateTime, { description: 'First moment after the billed period.' })
  periodEnd!: Date;

  @Field(() => DateTime, { description: 'When it should be paid by.' })
  dueAt!: Date;

  @Field(() => DateTime, { description: 'When it was issued.' })
  issuedAt!: Date;
}

@ObjectType({ description: 'What is owed, stated and signed by billing. Give the token to initiatePayment.' })
export class PaymentRequest {
  @Field(() => String, { description: 'The signed statement. It cannot be altered.' })
  token!: string;

  @Field(() => DateTime, { description: 'Until when it may be used.' })
  expiresAt!: Date;

  @Field(() => MoneyType, { description: 'What will be charged.' })
  amount!: MoneyType;
}

@InputType({ description: 'Which bills to list.' })
export class BillFilterInput {
  @Field(() => BillStatus, { nullable: true, description: 'Only bills in this state.' })
  status?: BillStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only bills of this connection.' })
  connectionId?: string | null;
}

export const BillConnection = createConnectionType(BillType, 'Bill');
