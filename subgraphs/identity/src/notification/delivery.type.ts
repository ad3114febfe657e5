import { createConnectionType, DateTime, RowAccess } from '@suvidha/subgraph';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NotificationChannel, NotificationStatus } from './notification.enums.ts';

@ObjectType('NotificationDelivery', { description: 'One message to one destination, and what became of it.' })
@RowAccess()
export class NotificationDeliveryType {
  @Field(() => ID, { description: 'Identifies the delivery.' })
  id!: string;

  @Field(() => String, {
    description: 'What made it necessary, such as `otp:<challenge>`. One cause sends a message once.',
  })
  cause!: string;

  @Field(() => NotificationChannel, { description: 'How it travels.' })
  channel!: NotificationChannel;

  @Field(() => String, { description: 'Which text it is, such as `otp-login`.' })
  template!: string;

  @Field(() => String, { description: 'The language of the text, as a BCP 47 tag.' })
  locale!: string;

  @Field(() => String, { description: 'Where to, masked, such as `+91*****3210`.' })
  maskedDestination!: string;

  @Field(() => NotificationStatus, { description: 'Where it stands.' })
  status!: NotificationStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Why it is not sent, in a word that never changes, such as `TWILIO_21610`. Null: no reason.',
  })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'The vendor that was tried last. Null: none yet.' })
  vendor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The id that the vendor gave it, to ask the vendor about it. Null: none.',
  })
  vendorMessageId!: string | null;

  @Field(() => Int, { description: 'How many vendor calls were begun.' })
  attempts!: number;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was sent or given up. Null: not yet.' })
  finishedAt!: Date | null;
}

export const NotificationDeliveryConnection = createConnectionType(
  NotificationDeliveryType,
  'NotificationDelivery',
);

@InputType({ description: 'Which messages to list.' })
export class NotificationDeliveryFilterInput {
  @Field(() => NotificationStatus, { nullable: true, description: 'Only messages in this state.' })
  status?: NotificationStatus | null;

  @Field(() => NotificationChannel, { nullable: true, description: 'Only messages that travel so.' })
  channel?: NotificationChannel | null;

  @Field(() => String, { nullable: true, description: 'Only messages of this text.' })
  template?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only messages to this person.' })
  userId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only messages to this phone number in E.164 form or e-mail address.',
  })
  destination?: string | null;
}
