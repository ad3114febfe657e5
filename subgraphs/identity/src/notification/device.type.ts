import { DateTime, RowAccess, UserErrorType } from '@suvidha/subgraph';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DevicePlatform } from './notification.enums.ts';

@ObjectType('Device', { description: 'An app that push messages can reach.' })
@RowAccess()
export class DeviceType {
  @Field(() => ID, { description: 'Identifies the registration.' })
  id!: string;

  @Field(() => DevicePlatform, { description: 'What it runs on.' })
  platform!: DevicePlatform;

  @Field(() => DateTime, { description: 'When the app last registered.' })
  registeredAt!: Date;
}

@InputType({ description: 'Registers an app for push messages. Do it at each start, because tokens change.' })
export class RegisterDeviceInput {
  @Field(() => DevicePlatform, { description: 'What the app runs on.' })
  platform!: DevicePlatform;

  @Field(() => String, { description: 'The registration token that Firebase Cloud Messaging gave the app.' })
  pushToken!: string;
}

@ObjectType({ description: 'The outcome of registering an app.' })
export class RegisterDevicePayload {
  @Field(() => DeviceType, { nullable: true, description: 'The app. Null: see userErrors.' })
  device!: DeviceType | null;

  @Field(() => [UserErrorType], { description: 'Why it is not registered. Empty: it is.' })
  userErrors!: UserErrorType[];
}

@InputType({ description: 'Ends push messages to an app, as when somebody logs out of it.' })
export class UnregisterDeviceInput {
  @Field(() => String, { description: 'The token that the app registered.' })
  pushToken!: string;
}

@ObjectType({ description: 'The outcome of ending push messages to an app.' })
export class UnregisterDevicePayload {
  @Field(() => [UserErrorType], { description: 'Why it goes on. Empty: it has ended.' })
  userErrors!: UserErrorType[];
}
