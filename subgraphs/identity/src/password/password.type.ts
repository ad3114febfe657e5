import { UserErrorType } from '@suvidha/subgraph';
import { Field, ObjectType } from 'type-graphql';
import { SessionPayload } from '../session/session.type.ts';
import { UserType } from '../user/user.type.ts';

@ObjectType()
class DonePayload {
  @Field(() => [UserErrorType], { description: 'Why it was not done. Empty: it was.' })
  userErrors!: UserErrorType[];
}

@ObjectType({
  description:
    'The outcome of asking for an account: a mail is under way. The answer is the same whether or not there is one already.',
})
export class RegisterWithPasswordPayload extends DonePayload {}

@ObjectType({ description: 'The outcome of following a link.' })
export class VerifyEmailPayload extends DonePayload {
  @Field(() => UserType, {
    nullable: true,
    description: 'The account whose address is proven. Log in to it with its password. Null: see userErrors.',
  })
  user!: UserType | null;

  @Field(() => Boolean, {
    description:
      'Whether the account has a password. False: log in by code, or choose one by requestPasswordReset.',
  })
  hasPassword!: boolean;
}

@ObjectType({
  description:
    'The outcome of asking for a link again. The answer is the same whether or not a registration waits.',
})
export class ResendEmailVerificationPayload extends DonePayload {}

@ObjectType({ description: 'The outcome of logging in with a password.' })
export class LoginWithPasswordPayload extends SessionPayload {}

@ObjectType({
  description:
    'The outcome of asking for a new password: a mail is under way. The answer is the same whether or not there is an account.',
})
export class RequestPasswordResetPayload extends DonePayload {}

@ObjectType({ description: 'The outcome of setting a new password. All sessions of the account have ended.' })
export class ResetPasswordPayload extends DonePayload {}

@ObjectType({ description: 'The outcome of changing your password. Your other sessions have ended.' })
export class ChangePasswordPayload extends DonePayload {}
