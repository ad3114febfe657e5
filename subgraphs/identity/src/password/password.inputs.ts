import { EmailAddress } from '@suvidha/subgraph';
import { Field, InputType } from 'type-graphql';
import { OtpProofInput } from '../otp/otp.inputs.ts';
import { LoginInput } from '../session/session.inputs.ts';

@InputType({ description: 'Asks for an account that has a password.' })
export class RegisterWithPasswordInput {
  @Field(() => EmailAddress, { description: 'The address to prove by the link that is sent to it.' })
  email!: string;

  @Field(() => String, { description: 'From 8 to 128 characters, not easy to guess, known from no breach.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'A name to be known by.' })
  username?: string | null;
}

@InputType({ description: 'Follows a link that proves an e-mail address.' })
export class VerifyEmailInput {
  @Field(() => String, { description: 'The token of the link.' })
  token!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A name to be known by, instead of the one asked for, should that be taken by now.',
  })
  username?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The password that was registered with. It is looked at only when the address was registered with more than one; absent then, the account has none yet.',
  })
  password?: string | null;
}

@InputType({ description: 'Asks for the link of a registration again.' })
export class ResendEmailVerificationInput {
  @Field(() => EmailAddress, { description: 'The address that was registered with.' })
  email!: string;
}

@InputType({ description: 'Logs in with a password.' })
export class LoginWithPasswordInput extends LoginInput {
  @Field(() => String, { description: 'E-mail address, phone number or username.' })
  name!: string;

  @Field(() => String, { description: 'The password.' })
  password!: string;
}

@InputType({ description: 'Asks for a link to choose a new password.' })
export class RequestPasswordResetInput {
  @Field(() => EmailAddress, { description: 'The address of the account.' })
  email!: string;
}

@InputType({ description: 'Sets a new password. Give the token of a link or a code.' })
export class ResetPasswordInput {
  @Field(() => String, {
    nullable: true,
    description: 'The token of the link that requestPasswordReset sent.',
  })
  token?: string | null;

  @Field(() => OtpProofInput, { nullable: true, description: 'A code of purpose PASSWORD_RESET.' })
  otp?: OtpProofInput | null;

  @Field(() => String, { description: 'From 8 to 128 characters, not easy to guess, known from no breach.' })
  newPassword!: string;
}

@InputType({ description: 'Changes your password.' })
export class ChangePasswordInput {
  @Field(() => String, {
    nullable: true,
    description: 'The password so far. Absent: you have none yet, and proved a short while ago who you are.',
  })
  currentPassword?: string | null;

  @Field(() => String, { description: 'From 8 to 128 characters, not easy to guess, known from no breach.' })
  newPassword!: string;
}
