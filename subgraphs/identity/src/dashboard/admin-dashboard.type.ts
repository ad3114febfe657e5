import { DateTime, RowAccess } from '@suvidha/subgraph';
import { Directive, Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What happened to accounts in a period.' })
export class AccountStatistics {
  @Field(() => Int, { description: 'Accounts that were opened.' })
  registrations!: number;

  @Field(() => Int, { description: 'Logins that worked.' })
  logins!: number;

  @Field(() => Int, { description: 'Logins that were refused.' })
  refusedLogins!: number;

  @Field(() => Int, { description: 'Accounts there are now.' })
  accounts!: number;

  @Field(() => Int, { description: 'Accounts that are suspended now.' })
  suspendedAccounts!: number;

  @Field(() => Int, { description: 'Sessions that can be used now.' })
  activeSessions!: number;
}

@ObjectType('AdminDashboard', {
  description: 'How the product did in a period. Each part shows its own section.',
})
@Directive('@key(fields: "from to")')
@RowAccess()
export class AdminDashboardType {
  @Field(() => DateTime, { description: 'From when.' })
  from!: Date;

  @Field(() => DateTime, { description: 'Until before when.' })
  to!: Date;
}
