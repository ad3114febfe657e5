import { MoneyType, RequireAuth } from '@suvidha/subgraph';
import { Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { AdminDashboardStub } from './admin-dashboard.stub.ts';
import type { PaymentStatisticsService } from './payment-statistics.service.ts';

@ObjectType({ description: 'What happened to payments that were started in a period.' })
export class PaymentStatistics {
  @Field(() => Int, { description: 'Payments that were started.' })
  started!: number;

  @Field(() => Int, { description: 'Those whose money was taken.' })
  captured!: number;

  @Field(() => Int, { description: 'Those that were declined, or not paid in time.' })
  lost!: number;

  @Field(() => Int, { description: 'Those that are undecided now.' })
  undecided!: number;

  @Field(() => Int, { description: 'Those whose money is set apart because it is not what was asked for.' })
  quarantined!: number;

  @Field(() => Int, { description: 'Those whose money was taken and not yet put to what it pays for.' })
  unsettled!: number;

  @Field(() => [MoneyType], { description: 'What was taken, by currency.' })
  amountsCaptured!: MoneyType[];

  @Field(() => [MoneyType], { description: 'What of it was given back, by currency.' })
  amountsRefunded!: MoneyType[];
}

@Resolver(() => AdminDashboardStub)
export class AdminDashboardResolver {
  readonly #statistics: PaymentStatisticsService;

  constructor(statistics: PaymentStatisticsService) {
    this.#statistics = statistics;
  }

  @FieldResolver(() => PaymentStatistics, { nullable: true, description: 'How payments did.' })
  @RequireAuth('user:admin')
  payments(@Root() period: AdminDashboardStub): Promise<PaymentStatistics> {
    return this.#statistics.of(period);
  }
}
