import { RowAccess, UserErrorType } from '@suvidha/subgraph';
import { Field, InputType, ObjectType } from 'type-graphql';
import { Language } from './language.ts';
import { NotificationChannel } from './notification.enums.ts';

@ObjectType('QuietHours', { description: 'A time of day in which no SMS and no push message comes.' })
export class QuietHoursType {
  @Field(() => String, { description: 'When they begin, as `HH:MM` in the time zone.' })
  start!: string;

  @Field(() => String, { description: 'When they end, as `HH:MM`; before `start` where they span midnight.' })
  end!: string;
}

@ObjectType('NotificationPreferences', {
  description: 'What a person wants to be told, and how. Messages about security come always and at once.',
})
@RowAccess()
export class NotificationPreferencesType {
  @Field(() => Language, { description: 'The language of messages.' })
  language!: Language;

  @Field(() => [NotificationChannel], { description: 'How to be told about orders. Empty: not at all.' })
  orders!: NotificationChannel[];

  @Field(() => [NotificationChannel], {
    description:
      'How to be told about payments: by mail and push until the person says otherwise. Empty: not at all.',
  })
  payments!: NotificationChannel[];

  @Field(() => QuietHoursType, {
    nullable: true,
    description: 'When not to be disturbed. Null: any time will do.',
  })
  quietHours!: QuietHoursType | null;

  @Field(() => String, { description: 'IANA name of the time zone, such as `Asia/Kolkata`.' })
  timeZone!: string;
}

@InputType({ description: 'A time of day in which no SMS and no push message shall come.' })
export class QuietHoursInput {
  @Field(() => String, { description: 'When they begin, as `HH:MM` in the time zone.' })
  start!: string;

  @Field(() => String, { description: 'When they end, as `HH:MM`; before `start` where they span midnight.' })
  end!: string;
}

@InputType({ description: 'What a person wants to be told, and how. What is left out stays as it is.' })
export class UpdateNotificationPreferencesInput {
  @Field(() => Language, { nullable: true, description: 'The language of messages.' })
  language?: Language | null;

  @Field(() => [NotificationChannel], { nullable: true, description: 'How to be told about orders.' })
  orders?: NotificationChannel[] | null;

  @Field(() => [NotificationChannel], { nullable: true, description: 'How to be told about payments.' })
  payments?: NotificationChannel[] | null;

  @Field(() => QuietHoursInput, {
    nullable: true,
    description: 'When not to be disturbed. Null, unlike nothing at all, ends quiet hours.',
  })
  quietHours?: QuietHoursInput | null;

  @Field(() => String, { nullable: true, description: 'IANA name of the time zone, such as `Asia/Kolkata`.' })
  timeZone?: string | null;
}

@ObjectType({ description: 'The outcome of changing what a person wants to be told.' })
export class UpdateNotificationPreferencesPayload {
  @Field(() => NotificationPreferencesType, {
    nullable: true,
    description: 'What holds now. Null: see userErrors.',
  })
  preferences!: NotificationPreferencesType | null;

  @Field(() => [UserErrorType], { description: 'Why nothing changed. Empty: it did.' })
  userErrors!: UserErrorType[];
}
