import { assertUser } from '@suvidha/auth';
import {
  PageArgs,
  RequireAuth,
  type SubgraphContext,
  toConnection,
  toPage,
  withUserErrors,
} from '@suvidha/subgraph';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ReconciliationService } from './reconciliation.service.ts';
import {
  ReconciliationFindingConnection,
  ReconciliationReportConnection,
  ReconciliationReportType,
  StartReconciliationInput,
  StartReconciliationPayload,
} from './reconciliation.type.ts';
import { toFinding } from './reconciliation.view.ts';

@Resolver(() => ReconciliationReportType)
export class ReconciliationResolver {
  readonly #reconciliation: ReconciliationService;

  constructor(reconciliation: ReconciliationService) {
    this.#reconciliation = reconciliation;
  }

  @Query(() => ReconciliationReportConnection, {
    nullable: true,
    description: "Comparisons of our books with the gateways', newest first. For admins.",
  })
  @RequireAuth('payment:read', 'user:admin')
  async reconciliationReports(@Args(() => PageArgs) args: PageArgs) {
    const page = toPage(args);
    return toConnection(await this.#reconciliation.list(page), page, (report) => report);
  }

  @Mutation(() => StartReconciliationPayload, {
    nullable: true,
    description: "Compares our books with the gateways' now. What is safe is repaired. For admins.",
  })
  @RequireAuth('payment:read', 'user:admin')
  startReconciliation(
    @Arg('input', () => StartReconciliationInput, { description: 'What to compare.' })
    input: StartReconciliationInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<StartReconciliationPayload> {
    return withUserErrors<{ report: ReconciliationReportType | null }>({ report: null }, async () => ({
      report: await this.#reconciliation.start(assertUser(actor), input),
    }));
  }

  @FieldResolver(() => ReconciliationFindingConnection, { description: 'What did not match, oldest first.' })
  async findings(@Root() { id }: ReconciliationReportType, @Args(() => PageArgs) args: PageArgs) {
    const page = toPage(args);
    return toConnection(await this.#reconciliation.listFindings(id, page), page, toFinding);
  }
}
