import {
  PageArgs,
  RequireAuth,
  type SubgraphContext,
  toConnection,
  toPage,
  withUserErrors,
} from '@suvidha/subgraph';
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { ReplayNotificationInput, ReplayNotificationPayload } from './delivery.inputs.ts';
import type { DeliveryService } from './delivery.service.ts';
import { NotificationDeliveryConnection, NotificationDeliveryFilterInput } from './delivery.type.ts';

@Resolver()
export class DeliveryResolver {
  readonly #deliveries: DeliveryService;

  constructor(deliveries: DeliveryService) {
    this.#deliveries = deliveries;
  }

  @Query(() => NotificationDeliveryConnection, {
    nullable: true,
    description: 'What was sent to whom, newest first. For staff.',
  })
  @RequireAuth('user:read')
  async notificationDeliveries(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => NotificationDeliveryFilterInput, {
      nullable: true,
      description: 'Which of them. Null: all.',
    })
    filter: NotificationDeliveryFilterInput | null,
  ) {
    const page = toPage(args);
    return toConnection(await this.#deliveries.list(filter ?? {}, page), page, (row) => row);
  }

  @Mutation(() => ReplayNotificationPayload, {
    nullable: true,
    description: 'Tries a message again that was given up. For staff.',
  })
  @RequireAuth('user:read')
  replayNotification(
    @Arg('input', () => ReplayNotificationInput, { description: 'Which message.' })
    { deliveryId }: ReplayNotificationInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<ReplayNotificationPayload> {
    return withUserErrors<Omit<ReplayNotificationPayload, 'userErrors'>>({ delivery: null }, async () => ({
      delivery: await this.#deliveries.replay(caller, deliveryId),
    }));
  }
}
