import {
  openedBySchema,
  PageArgs,
  Public,
  RequireAuth,
  type SubgraphContext,
  toConnection,
  toPage,
  withUserErrors,
} from '@suvidha/subgraph';
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { RefundType } from '../refund/refund.type.ts';
import { toRefundType } from '../refund/refund.view.ts';
import { PaymentFilter, toWhere } from './payment.filter.ts';
import type { PaymentLoaders } from './payment.loaders.ts';
import type { PaymentService } from './payment.service.ts';
import {
  CheckoutParameter,
  ConfirmPaymentInput,
  ConfirmPaymentPayload,
  InitiatePaymentInput,
  InitiatePaymentPayload,
  PaymentConnection,
  PaymentStatusEvent,
  PaymentType,
  VerifyPaymentInput,
  VerifyPaymentPayload,
} from './payment.type.ts';
import { toPaymentType, toStatusEvent } from './payment.view.ts';
import type { PaymentCheckoutService } from './payment-checkout.service.ts';

const guestToken = 'For a guest: the token that came with the payment.';

@Resolver(() => PaymentType)
export class PaymentResolver {
  readonly #payments: PaymentService;
  readonly #checkout: PaymentCheckoutService;
  readonly #load: PaymentLoaders;

  constructor(payments: PaymentService, checkout: PaymentCheckoutService, load: PaymentLoaders) {
    this.#payments = payments;
    this.#checkout = checkout;
    this.#load = load;
  }

  @Query(() => PaymentType, {
    nullable: true,
    description: 'A payment. Null: there is none, or it is not yours.',
  })
  @Public()
  async payment(
    @Arg('id', () => ID, { description: 'Which payment.' }) id: string,
    @Arg('accessToken', () => String, { nullable: true, description: guestToken })
    accessToken: string | null,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<PaymentType | null> {
    const payment = await this.#payments.find({ actor, accessToken }, id);
    return payment && toPaymentType(payment);
  }

  @Query(() => PaymentConnection, {
    nullable: true,
    description: 'Payments, newest first: your own, and for staff those of everybody.',
  })
  @RequireAuth()
  async payments(
    @Arg('filter', () => PaymentFilter, { nullable: true, description: 'Which ones. Absent: all.' })
    filter: PaymentFilter | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { actor }: SubgraphContext,
  ) {
    const page = toPage(args);
    return toConnection(await this.#payments.list(actor, toWhere(filter), page), page, toPaymentType);
  }

  @Mutation(() => InitiatePaymentPayload, {
    nullable: true,
    description:
      'Starts a payment. Send the payer to its checkoutUrl, or show its qrCode, and subscribe to paymentStatusChanged.',
  })
  @Public()
  initiatePayment(
    @Arg('input', () => InitiatePaymentInput, { description: 'What to pay, and how.' })
    input: InitiatePaymentInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<InitiatePaymentPayload> {
    const otherwise: Pick<InitiatePaymentPayload, 'payment' | 'accessToken'> = {
      payment: null,
      accessToken: null,
    };
    return withUserErrors(otherwise, async () => {
      const payment = await this.#checkout.initiate({ actor }, input);
      return { payment: toPaymentType(payment), accessToken: this.#checkout.toAccessToken(payment) };
    });
  }

  @Mutation(() => ConfirmPaymentPayload, {
    nullable: true,
    description:
      "Brings what the gateway's checkout handed to the client. Its signature is checked, then the gateway is asked.",
  })
  @Public()
  confirmPayment(
    @Arg('input', () => ConfirmPaymentInput, { description: 'Which payment, and what was handed over.' })
    { paymentId, fields, accessToken }: ConfirmPaymentInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<ConfirmPaymentPayload> {
    const byName = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
    return withUserErrors<{ payment: PaymentType | null }>({ payment: null }, async () => ({
      payment: toPaymentType(
        await this.#checkout.confirm({ actor, accessToken: accessToken ?? null }, paymentId, byName),
      ),
    }));
  }

  @Mutation(() => VerifyPaymentPayload, {
    nullable: true,
    description: 'Asks the gateway how the payment stands, without waiting for a webhook.',
  })
  @Public()
  verifyPayment(
    @Arg('input', () => VerifyPaymentInput, { description: 'Which payment.' })
    { paymentId, accessToken }: VerifyPaymentInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<VerifyPaymentPayload> {
    return withUserErrors<{ payment: PaymentType | null }>({ payment: null }, async () => ({
      payment: toPaymentType(
        await this.#checkout.verify({ actor, accessToken: accessToken ?? null }, paymentId),
      ),
    }));
  }

  @FieldResolver(() => [PaymentStatusEvent], { description: 'What happened to the payment, oldest first.' })
  async timeline(@Root() { id }: PaymentType): Promise<PaymentStatusEvent[]> {
    return (await this.#payments.timeline(id)).map(toStatusEvent);
  }

  @FieldResolver(() => [CheckoutParameter], {
    nullable: true,
    description:
      "For a client that opens the gateway's own checkout instead of checkoutUrl. Null: the gateway does not wait for a payer.",
  })
  checkoutParameters(@Root() { id }: PaymentType): Promise<CheckoutParameter[] | null> {
    return this.#checkout.findCheckoutParameters(id);
  }

  @FieldResolver(() => [RefundType], {
    description: 'What is on its way back or was given back, oldest first.',
  })
  async refunds(@Root() { id }: PaymentType, @Ctx() context: SubgraphContext): Promise<RefundType[]> {
    return ((await this.#load.refundsByPayment(context).load(id)) ?? []).map(toRefundType);
  }

  @Subscription(() => PaymentStatusEvent, {
    description:
      'Pushes the state of a payment: first as it is now, then each change, none missing. ' +
      'A payment is complete when its settlement is SETTLED.',
    subscribe: openedBySchema,
  })
  @Public()
  paymentStatusChanged(
    @Root() event: PaymentStatusEvent,
    @Arg('paymentId', () => ID, { description: 'Which payment.' }) _paymentId: string,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The cursor of the last event that was seen: what came since is pushed first.',
    })
    _after: string | null,
    @Arg('accessToken', () => String, { nullable: true, description: guestToken })
    _accessToken: string | null,
  ): PaymentStatusEvent {
    return event;
  }
}
