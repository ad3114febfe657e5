import { MoneyType } from '@suvidha/subgraph';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { LedgerAccount } from '../generated/prisma/enums.ts';

registerEnumType(LedgerAccount, {
  name: 'LedgerAccount',
  description: 'An account of the double-entry books. Debits are positive, credits negative.',
  valuesConfig: {
    CUSTOMER: { description: 'Captured money that its owner has not used yet: owed to customers.' },
    VENDOR_CLEARING: { description: 'Money that the gateways hold for us.' },
    FEES: { description: 'What the gateways kept.' },
    MERCHANT: { description: 'Money put to bills, orders and purchases.' },
    CREDIT: { description: 'Money put to the credit of customers.' },
    REFUNDS: { description: 'Money on its way back to payers.' },
  },
});

@ObjectType({ description: 'The balance of one account in one currency.' })
export class LedgerBalance {
  @Field(() => LedgerAccount, { description: 'The account.' })
  account!: LedgerAccount;

  @Field(() => MoneyType, { description: 'Debits minus credits, as kept with each entry.' })
  balance!: MoneyType;

  @Field(() => MoneyType, { description: 'The same, computed anew from all postings: it must be equal.' })
  recomputed!: MoneyType;
}
