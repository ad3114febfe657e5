import { ClientApp } from '@suvidha/auth';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';

registerEnumType(ClientApp, {
  name: 'ClientApp',
  description: 'The client application that a session is for.',
  valuesConfig: {
    WEB: { description: 'The web site.' },
    MOBILE: { description: 'The mobile app.' },
    KIOSK: { description: 'A kiosk in an office or shop.' },
    PARENT: { description: 'The app for parents.' },
    PARTNER: { description: 'The app for partners.' },
    ADMIN: { description: 'The app for staff.' },
  },
});

@InputType()
class OtpInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The challenge that requestOtp gave. Give this or destination.',
  })
  challengeId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The phone number or e-mail address the code was sent to. Give this or challengeId.',
  })
  destination?: string | null;

  @Field(() => String, { description: 'The six digits.' })
  code!: string;

  @Field(() => ClientApp, { defaultValue: ClientApp.WEB, description: 'The app to log in to.' })
  clientApp!: ClientApp;
}

@InputType({ description: 'Logs in with a one-time code.' })
export class LoginWithOtpInput extends OtpInput {}

@InputType({ description: 'Opens an account with a one-time code.' })
export class RegisterWithOtpInput extends OtpInput {
  @Field(() => String, { nullable: true, description: 'A name to be known by.' })
  username?: string | null;
}

@InputType({ description: 'Exchanges a refresh token.' })
export class RefreshSessionInput {
  @Field(() => String, { description: 'The refresh token of the last login or refresh.' })
  refreshToken!: string;
}

@InputType({ description: 'Ends the session.' })
export class LogoutInput {
  @Field(() => String, {
    nullable: true,
    description: 'Echoed nowhere; for the client to match its own records.',
  })
  clientMutationId?: string | null;
}
