import { RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The bill, which is billing's. Payments only adds what was paid for it. */
@ObjectType('Bill', { description: 'What is owed for one connection and one period.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class BillStub {
  @Field(() => ID, { description: 'Identifies the bill.' })
  id!: string;
}
