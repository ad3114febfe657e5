import { RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The person, who is identity's. Payments only adds what they paid. */
@ObjectType('User', { description: 'A person with an account.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class UserStub {
  @Field(() => ID, { description: 'Identifies the account.' })
  id!: string;
}
