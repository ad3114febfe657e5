import { DateTime, RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Utility } from '../generated/prisma/enums.ts';

registerEnumType(Utility, {
  name: 'Utility',
  description: 'What is supplied.',
  valuesConfig: {
    ELECTRICITY: { description: 'Electric power.' },
    GAS: { description: 'Piped gas.' },
    WATER: { description: 'Drinking water.' },
  },
});

@ObjectType('Connection', { description: "A customer's supply of one utility." })
@Directive('@key(fields: "id")')
@RowAccess()
export class ConnectionType {
  @Field(() => ID, { description: 'Identifies the connection.' })
  id!: string;

  @Field(() => Utility, { description: 'What is supplied.' })
  utility!: Utility;

  @Field(() => String, { description: "The supplier's number of the customer." })
  consumerNumber!: string;

  @Field(() => String, { description: 'Who supplies.' })
  supplierName!: string;

  @Field(() => DateTime, { description: 'Since when the connection is linked to the account.' })
  createdAt!: Date;
}
