import { assertUser } from '@suvidha/auth';
import { openedBySchema, RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { PaymentLoaders } from './payment.loaders.ts';
import type { PaymentService } from './payment.service.ts';
import {
  InitiatePaymentInput,
  InitiatePaymentPayload,
  PaymentStatusEvent,
  PaymentType,
} from './payment.type.ts';
import { toPaymentType, toStatusEvent } from './payment.view.ts';

@Resolver(() => PaymentType)
export class PaymentResolver {
  readonly #payments: PaymentService;
  readonly #load: PaymentLoaders;

  constructor(payments: PaymentService, load: PaymentLoaders) {
    this.#payments = payments;
    this.#load = load;
  }

  @Query(() => PaymentType, {
    nullable: true,
    description: 'A payment. Null: there is none, or it is not yours.',
  })
  @RequireAuth()
  async payment(
    @Arg('id', () => ID, { description: 'Which payment.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<PaymentType | null> {
    const payment = await this.#load.byId(context).load(id);
    return payment && toPaymentType(payment);
  }

  @Mutation(() => InitiatePaymentPayload, {
    nullable: true,
    description: 'Starts a payment. Send the payer to its checkoutUrl and subscribe to paymentStatusChanged.',
  })
  @RequireAuth()
  initiatePayment(
    @Arg('input', () => InitiatePaymentInput, { description: 'What to pay, and how.' })
    input: InitiatePaymentInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<InitiatePaymentPayload> {
    return withUserErrors<{ payment: PaymentType | null }>({ payment: null }, async () => ({
      payment: toPaymentType(await this.#payments.initiate(assertUser(actor), input)),
    }));
  }

  @FieldResolver(() => [PaymentStatusEvent], { description: 'What happened to the payment, oldest first.' })
  async timeline(@Root() { id }: PaymentType): Promise<PaymentStatusEvent[]> {
    return (await this.#payments.timeline(id)).map(toStatusEvent);
  }

  @Subscription(() => PaymentStatusEvent, {
    description:
      'Pushes the state of a payment: first as it is now, then each change, none missing. ' +
      'A payment is complete when its settlement is SETTLED.',
    subscribe: openedBySchema,
  })
  @RequireAuth()
  paymentStatusChanged(
    @Root() event: PaymentStatusEvent,
    @Arg('paymentId', () => ID, { description: 'Which payment.' }) _paymentId: string,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The cursor of the last event that was seen: what came since is pushed first.',
    })
    _after: string | null,
  ): PaymentStatusEvent {
    return event;
  }
}
