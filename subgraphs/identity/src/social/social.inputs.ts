import { ClientApp, Role } from '@suvidha/auth';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { SocialIntent, SocialProvider } from '../generated/prisma/enums.ts';

registerEnumType(SocialProvider, {
  name: 'SocialProvider',
  description: 'Who may say who a person is.',
  valuesConfig: {
    GOOGLE: { description: 'Google.' },
    FACEBOOK: { description: 'Facebook.' },
    APPLE: { description: 'Apple.' },
  },
});

registerEnumType(SocialIntent, {
  name: 'SocialIntent',
  description: 'What a login at a provider is for.',
  valuesConfig: {
    LOGIN: { description: 'To log in, or to open an account. Complete it with completeSocialLogin.' },
    LINK: {
      description:
        'To add the account at the provider to who is logged in. Complete it with linkSocialAccount.',
    },
  },
});

@InputType({ description: 'Begins a login at a provider.' })
export class StartSocialLoginInput {
  @Field(() => SocialProvider, { description: 'Who is to say who the person is.' })
  provider!: SocialProvider;

  @Field(() => String, {
    description:
      'Where the client app gets the person back: one of the addresses that are configured for it, to the letter.',
  })
  redirectUri!: string;

  @Field(() => ClientApp, { defaultValue: ClientApp.WEB, description: 'The app to log in to.' })
  clientApp!: ClientApp;

  @Field(() => Role, {
    nullable: true,
    description: 'One of the roles of the account, to have no more than that. Default: all of them.',
  })
  role?: Role | null;

  @Field(() => SocialIntent, { defaultValue: SocialIntent.LOGIN, description: 'What it is for.' })
  intent!: SocialIntent;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of a secret of the client app, in base64url (RFC 7636): only who has the secret can complete the login. Needed for addresses that are not web pages.',
  })
  codeChallenge?: string | null;
}

@InputType()
class SocialReturnInput {
  @Field(() => String, { description: 'The `state` that came back. Refuse one that you did not begin.' })
  state!: string;

  @Field(() => String, { nullable: true, description: 'The `code` that came back.' })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'The `error` that came back instead of a code.' })
  error?: string | null;

  @Field(() => String, { nullable: true, description: 'The `iss` that came back, if any.' })
  issuer?: string | null;

  @Field(() => String, { nullable: true, description: "The `user` that came back, if any: Apple's, once." })
  user?: string | null;

  @Field(() => String, { nullable: true, description: 'The secret that the codeChallenge was made of.' })
  codeVerifier?: string | null;
}

@InputType({ description: 'Completes a login at a provider with what came back to the redirectUri.' })
export class CompleteSocialLoginInput extends SocialReturnInput {}

@InputType({ description: 'Links an account at a provider with what came back to the redirectUri.' })
export class LinkSocialAccountInput extends SocialReturnInput {}

@InputType({ description: 'Takes a linked account away.' })
export class UnlinkSocialAccountInput {
  @Field(() => ID, { description: 'Which one.' })
  id!: string;
}
