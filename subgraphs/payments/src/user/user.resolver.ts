import { PageArgs, RequireAuth, type SubgraphContext, toConnection, toPage } from '@suvidha/subgraph';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { PaymentService } from '../payment/payment.service.ts';
import { PaymentConnection } from '../payment/payment.type.ts';
import { toPaymentType } from '../payment/payment.view.ts';
import { UserStub } from './user.stub.ts';

@Resolver(() => UserStub)
export class UserResolver {
  readonly #payments: PaymentService;

  constructor(payments: PaymentService) {
    this.#payments = payments;
  }

  @FieldResolver(() => PaymentConnection, {
    nullable: true,
    description: "The person's payments, newest first.",
  })
  @RequireAuth()
  async payments(
    @Root() { id }: UserStub,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { actor }: SubgraphContext,
  ) {
    const page = toPage(args);
    const payments = await this.#payments.list(actor, { payer: `user:${id}` }, page);
    return toConnection(payments, page, toPaymentType);
  }
}
