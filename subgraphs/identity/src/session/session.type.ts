import { DateTime, UserErrorType } from '@suvidha/subgraph';
import { Field, ObjectType } from 'type-graphql';
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
export class RegisterWithOtpPayload extends SessionPayload {}

@ObjectType({ description: 'The outcome of refreshing a session.' })
export class RefreshSessionPayload extends SessionPayload {}

@ObjectType({ description: 'The outcome of logging out.' })
export class LogoutPayload {
  @Field(() => [UserErrorType], { description: 'Why the session could not be ended. Empty: it was.' })
  userErrors!: UserErrorType[];
}
