import { ClientApp, Role } from '@suvidha/auth';
import { EmailAddress, PhoneNumber } from '@suvidha/subgraph';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { OtpProofInput } from '../otp/otp.inputs.ts';

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

/** What every login may wish for. */
@InputType()
export class LoginInput {
  @Field(() => ClientApp, { defaultValue: ClientApp.WEB, description: 'The app to log in to.' })
  clientApp!: ClientApp;

  @Field(() => Role, {
    nullable: true,
    description: 'One of your roles, to have no more rights than that. Absent: all of your roles.',
  })
  role?: Role | null;
}

@InputType()
class OtpInput extends LoginInput {
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
}

@InputType({ description: 'Logs in with a one-time code.' })
export class LoginWithOtpInput extends OtpInput {}

@InputType({ description: 'Opens an account with a one-time code.' })
export class RegisterWithOtpInput extends OtpInput {
  @Field(() => String, { nullable: true, description: 'A name to be known by.' })
  username?: string | null;

  @Field(() => EmailAddress, {
    nullable: true,
    description: 'An e-mail address: when the code does not prove it, a link is sent there that adds it.',
  })
  email?: string | null;

  @Field(() => PhoneNumber, {
    nullable: true,
    description: 'A phone number: when the code does not prove it, a code is sent there that adds it.',
  })
  phoneNumber?: string | null;
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

@InputType({ description: 'Ends sessions on all devices.' })
export class LogoutEverywhereInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the session of whoever asks goes on.',
  })
  keepThisSession!: boolean;
}

@InputType({ description: 'Ends one of your sessions.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session, as mySessions names it.' })
  sessionId!: string;
}

@InputType({ description: 'Proves again who you are. Give the password or a code.' })
export class ReauthenticateInput {
  @Field(() => String, { nullable: true, description: 'Your password.' })
  password?: string | null;

  @Field(() => OtpProofInput, {
    nullable: true,
    description: 'A code of purpose LOGIN that was sent to your phone or address.',
  })
  otp?: OtpProofInput | null;
}
