import { AppError } from '@suvidha/errors';
import { DateTime, type ReferenceResolver, RequireAuth } from '@suvidha/subgraph';
import { Arg, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { AdminDashboardService, Period } from './admin-dashboard.service.ts';
import { AccountStatistics, AdminDashboardType } from './admin-dashboard.type.ts';

@Resolver(() => AdminDashboardType)
export class AdminDashboardResolver {
  readonly #dashboard: AdminDashboardService;

  constructor(dashboard: AdminDashboardService) {
    this.#dashboard = dashboard;
  }

  @Query(() => AdminDashboardType, { nullable: true, description: 'How the product did in a period.' })
  @RequireAuth('user:read')
  adminDashboard(
    @Arg('from', () => DateTime, { description: 'From when.' }) from: Date,
    @Arg('to', () => DateTime, { description: 'Until before when.' }) to: Date,
  ): Period {
    if (from < to) return { from, to };
    throw new AppError('BAD_USER_INPUT', 'to must be after from.', { field: ['to'] });
  }

  @FieldResolver(() => AccountStatistics, { nullable: true, description: 'Accounts and logins.' })
  @RequireAuth('user:admin')
  accounts(@Root() { from, to }: Period) {
    return this.#dashboard.summarize({ from, to });
  }
}

/** Representations of other subgraphs arrive raw: the period is text in them. */
export const resolveAdminDashboard: ReferenceResolver = ({ from, to }) => ({
  from: DateTime.parseValue(from),
  to: DateTime.parseValue(to),
});
