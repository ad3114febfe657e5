import { DateTime, RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ObjectType } from 'type-graphql';

/** The dashboard, which is identity's. Payments only adds its section. */
@ObjectType('AdminDashboard', {
  description: 'How the product did in a period. Each part shows its own section.',
})
@Directive('@key(fields: "from to")')
@RowAccess()
export class AdminDashboardStub {
  @Field(() => DateTime, { description: 'From when.' })
  from!: Date;

  @Field(() => DateTime, { description: 'Until before when.' })
  to!: Date;
}
