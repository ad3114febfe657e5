import { ClientApp } from '@suvidha/auth';
import { DateTime, UserErrorType } from '@suvidha/subgraph';
import { Field, ID, ObjectType } from 'type-graphql';
import { OtpChallengeType } from '../otp/otp.type.ts';
import { UserType } from '../user/user.type.ts';

@ObjectType()
export class SessionPayload {
  @Field(() => String, {
    nullable: true,
    description: 'Send it as `Authorization: Bearer …`. Null: see userErrors.',
  })
  accessToken!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the access token expires. Null: see userErrors.',
  })
  accessTokenExpiresAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Exchange it once for new tokens, within seven days. Null: see userErrors.',
  })
  refreshToken!: string | null;

  @Field(() => UserType, { nullable: true, description: 'Who is logged in now. Null: see userErrors.' })
  user!: UserType | null;

  @Field(() => [UserErrorType], { description: 'Why nobody was logged in. Empty: it worked.' })
  userErrors!: UserErrorType[];
}

@ObjectType({ description: 'The outcome of logging in with a one-time code.' })
export class LoginWithOtpPayload extends SessionPayload {}

@ObjectType({ description: 'The outcome of registering with a one-time code.' })
export class RegisterWithOtpPayload extends SessionPayload {
  @Field(() => OtpChallengeType, {
    nullable: true,
    description:
      'The code of purpose VERIFY that was sent to the phone number besides: give it to updateProfile. Null: none was.',
  })
  phoneChallenge!: OtpChallengeType | null;
}

@ObjectType({ description: 'The outcome of refreshing a session.' })
export class RefreshSessionPayload extends SessionPayload {}

@ObjectType({ description: 'The outcome of logging out.' })
export class LogoutPayload {
  @Field(() => [UserErrorType], { description: 'Why the session could not be ended. Empty: it was.' })
  userErrors!: UserErrorType[];
}

@ObjectType({ description: 'The outcome of logging out on all devices.' })
export class LogoutEverywherePayload extends LogoutPayload {}

@ObjectType({ description: 'The outcome of ending one session.' })
export class RevokeSessionPayload extends LogoutPayload {}

@ObjectType({ description: 'The outcome of proving again who you are.' })
export class ReauthenticatePayload {
  @Field(() => [UserErrorType], { description: 'Why the proof was not taken. Empty: it was.' })
  userErrors!: UserErrorType[];
}

@ObjectType('Session', { description: 'A login on one device.' })
export class SessionType {
  @Field(() => ID, { description: 'Identifies the session.' })
  id!: string;

  @Field(() => ClientApp, { description: 'The app it is for.' })
  clientApp!: ClientApp;

  @Field(() => String, { nullable: true, description: 'What the device calls itself. Null: not known.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'IP address it began at. Null: not known.' })
  address!: string | null;

  @Field(() => DateTime, { description: 'When it began.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When tokens were last issued in it.' })
  lastUsedAt!: Date;

  @Field(() => Boolean, { description: 'Whether it is the one that asks.' })
  isCurrent!: boolean;
}

@ObjectType('TokenInspection', { description: 'What an access token is worth now.' })
export class TokenInspectionType {
  @Field(() => Boolean, {
    description: 'Whether it is ours, has not expired, and its session and account still stand.',
  })
  isValid!: boolean;

  @Field(() => ID, { nullable: true, description: 'Whom it stands for. Null: it is not valid.' })
  userId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The session it belongs to. Null: it is not valid.' })
  sessionId!: string | null;

  @Field(() => ClientApp, { nullable: true, description: 'The app it is for. Null: it is not valid.' })
  clientApp!: ClientApp | null;

  @Field(() => [String], { description: 'What it permits. Empty: nothing beyond what is its owner’s.' })
  scopes!: string[];

  @Field(() => DateTime, { nullable: true, description: 'When it expires. Null: it is not valid.' })
  expiresAt!: Date | null;
}
