import { UserErrorType } from '@suvidha/subgraph';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { NotificationDeliveryType } from './delivery.type.ts';

@InputType({ description: 'A message that was given up, to be tried again.' })
export class ReplayNotificationInput {
  @Field(() => ID, { description: 'Which delivery.' })
  deliveryId!: string;
}

@ObjectType({ description: 'The outcome of trying a message again.' })
export class ReplayNotificationPayload {
  @Field(() => NotificationDeliveryType, {
    nullable: true,
    description: 'The delivery, queued anew. Null: see userErrors.',
  })
  delivery!: NotificationDeliveryType | null;

  @Field(() => [UserErrorType], { description: 'Why it is not tried again. Empty: it is.' })
  userErrors!: UserErrorType[];
}
