import {
  createConnectionType,
  DateTime,
  PageArgs,
  RequireAuth,
  toConnection,
  toPage,
  UserErrorType,
  withUserErrors,
} from '@suvidha/subgraph';
import { Arg, Args, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { PaymentGateway } from '../generated/prisma/enums.ts';
import type { WebhookService } from './webhook.service.ts';

@ObjectType('WebhookDelivery', { description: 'A webhook of a gateway, as it was stored.' })
export class WebhookDeliveryType {
  @Field(() => ID, { description: 'Identifies it here.' })
  id!: string;

  @Field(() => PaymentGateway, { description: 'Who sent it.' })
  gateway!: PaymentGateway;

  @Field(() => String, { description: "The gateway's id of the event, the same on each delivery." })
  eventId!: string;

  @Field(() => DateTime, { description: 'When it came first.' })
  receivedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was acted on last. Null: not yet.' })
  processedAt!: Date | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The payment it is about. Null: none of ours, or not known yet.',
  })
  paymentId!: string | null;

  @Field(() => String, { nullable: true, description: 'The kind of fault the last attempt met. Null: none.' })
  lastError!: string | null;
}

const WebhookDeliveryConnection = createConnectionType(WebhookDeliveryType, 'WebhookDelivery');

@InputType({ description: 'Which webhooks to list; all that is given must hold.' })
export class WebhookDeliveryFilter {
  @Field(() => ID, { nullable: true, description: 'About this payment.' })
  paymentId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it was acted on.' })
  isProcessed?: boolean | null;
}

@InputType({ description: 'Acts on a stored webhook once more.' })
export class ReplayWebhookInput {
  @Field(() => ID, { description: 'Which webhook.' })
  webhookId!: string;
}

@ObjectType({ description: 'The outcome of replaying a webhook.' })
export class ReplayWebhookPayload {
  @Field(() => WebhookDeliveryType, {
    nullable: true,
    description: 'The webhook; a job acts on it. Null: see userErrors.',
  })
  webhook!: WebhookDeliveryType | null;

  @Field(() => [UserErrorType], { description: 'Why it could not be replayed. Empty: it is.' })
  userErrors!: UserErrorType[];
}

@Resolver()
export class WebhookResolver {
  readonly #webhooks: WebhookService;

  constructor(webhooks: WebhookService) {
    this.#webhooks = webhooks;
  }

  @Query(() => WebhookDeliveryConnection, {
    nullable: true,
    description: 'Webhooks as they were stored, newest first. For staff.',
  })
  @RequireAuth('payment:read')
  async webhookDeliveries(
    @Arg('filter', () => WebhookDeliveryFilter, { nullable: true, description: 'Which ones. Absent: all.' })
    filter: WebhookDeliveryFilter | null,
    @Args(() => PageArgs) args: PageArgs,
  ) {
    const page = toPage(args);
    return toConnection(await this.#webhooks.list(filter ?? {}, page), page, (delivery) => delivery);
  }

  @Mutation(() => ReplayWebhookPayload, {
    nullable: true,
    description: 'Acts on a stored webhook once more. What is known already does not change. For staff.',
  })
  @RequireAuth('payment:refund')
  replayWebhook(
    @Arg('input', () => ReplayWebhookInput, { description: 'Which webhook.' })
    { webhookId }: ReplayWebhookInput,
  ): Promise<ReplayWebhookPayload> {
    return withUserErrors<{ webhook: WebhookDeliveryType | null }>({ webhook: null }, async () => ({
      webhook: await this.#webhooks.replay(webhookId),
    }));
  }
}
