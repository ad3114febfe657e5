import { RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A person, whom the identity subgraph owns; here only to contribute fields. */
@ObjectType('User', { description: 'A person with an account.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class UserStub {
  @Field(() => ID, { description: 'Identifies the account.' })
  id!: string;
}
