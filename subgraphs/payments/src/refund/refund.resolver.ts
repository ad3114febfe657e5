import { assertUser } from '@suvidha/auth';
import { RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { PaymentLoaders } from '../payment/payment.loaders.ts';
import { PaymentType } from '../payment/payment.type.ts';
import { toPaymentType } from '../payment/payment.view.ts';
import type { RefundService } from './refund.service.ts';
import { RefundPaymentInput, RefundPaymentPayload, RefundStatusEvent, RefundType } from './refund.type.ts';
import { toRefundStatusEvent, toRefundType } from './refund.view.ts';

@Resolver(() => RefundType)
export class RefundResolver {
  readonly #refunds: RefundService;
  readonly #load: PaymentLoaders;

  constructor(refunds: RefundService, load: PaymentLoaders) {
    this.#refunds = refunds;
    this.#load = load;
  }

  @Mutation(() => RefundPaymentPayload, {
    nullable: true,
    description: 'Gives money of a payment back, all or a part. Refunds never exceed what was captured.',
  })
  @RequireAuth('payment:refund')
  refundPayment(
    @Arg('input', () => RefundPaymentInput, { description: 'What to give back, and why.' })
    input: RefundPaymentInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<RefundPaymentPayload> {
    return withUserErrors<{ refund: RefundType | null }>({ refund: null }, async () => ({
      refund: toRefundType(await this.#refunds.request(assertUser(actor), input)),
    }));
  }

  @FieldResolver(() => PaymentType, { nullable: true, description: 'The payment that it belongs to.' })
  async payment(
    @Root() { paymentId }: RefundType,
    @Ctx() context: SubgraphContext,
  ): Promise<PaymentType | null> {
    const payment = await this.#load.byId(context).load(paymentId);
    return payment && toPaymentType(payment);
  }

  @FieldResolver(() => [RefundStatusEvent], { description: 'What happened to the refund, oldest first.' })
  async timeline(@Root() { id }: RefundType): Promise<RefundStatusEvent[]> {
    return (await this.#refunds.timeline(id)).map(toRefundStatusEvent);
  }
}
