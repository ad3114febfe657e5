import { DateTime, EmailAddress, URLScalar, UserErrorType } from '@suvidha/subgraph';
import { Field, ID, ObjectType } from 'type-graphql';
import { SocialProvider } from '../generated/prisma/enums.ts';
import { SessionPayload } from '../session/session.type.ts';

@ObjectType('LinkedAccount', { description: 'An account at a provider by which a person logs in.' })
export class LinkedAccountType {
  @Field(() => ID, { description: 'Identifies the link; give it to unlinkSocialAccount.' })
  id!: string;

  @Field(() => SocialProvider, { description: 'Where the account is.' })
  provider!: SocialProvider;

  @Field(() => EmailAddress, {
    nullable: true,
    description: 'The e-mail address there, as it was at the last login. Null: the provider told none.',
  })
  email!: string | null;

  @Field(() => Boolean, { description: 'Whether the address is a relay that hides the real one.' })
  isPrivateEmail!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "The person's name there. Null: the provider told none.",
  })
  displayName!: string | null;

  @Field(() => DateTime, { description: 'When it was linked.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When the person last logged in by it.' })
  lastUsedAt!: Date;
}

@ObjectType({ description: 'The outcome of beginning a login at a provider.' })
export class StartSocialLoginPayload {
  @Field(() => URLScalar, {
    nullable: true,
    description: 'Send the person here, in the browser. Null: see userErrors.',
  })
  authorizationUrl!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Comes back with the person. Keep it, and complete nothing with another: it would be the login of somebody else. Null: see userErrors.',
  })
  state!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when it can be completed. Null: see userErrors.',
  })
  expiresAt!: Date | null;

  @Field(() => [UserErrorType], { description: 'Why it was not begun. Empty: it was.' })
  userErrors!: UserErrorType[];
}

@ObjectType({ description: 'The outcome of logging in at a provider.' })
export class CompleteSocialLoginPayload extends SessionPayload {}

@ObjectType({ description: 'The outcome of linking an account at a provider.' })
export class LinkSocialAccountPayload {
  @Field(() => LinkedAccountType, {
    nullable: true,
    description: 'The linked account. Null: see userErrors.',
  })
  linkedAccount!: LinkedAccountType | null;

  @Field(() => [UserErrorType], { description: 'Why it was not linked. Empty: it was.' })
  userErrors!: UserErrorType[];
}

@ObjectType({ description: 'The outcome of taking a linked account away.' })
export class UnlinkSocialAccountPayload {
  @Field(() => [UserErrorType], { description: 'Why it was not taken away. Empty: it was.' })
  userErrors!: UserErrorType[];
}
