import { ClientApp } from '@suvidha/auth';
import { EmailAddress, PhoneNumber } from '@suvidha/subgraph';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { OtpPurpose } from '../generated/prisma/enums.ts';
import { Language } from '../notification/language.ts';

registerEnumType(OtpPurpose, {
  name: 'OtpPurpose',
  description: 'What a one-time code is for. A code for one purpose does not serve another.',
  valuesConfig: {
    LOGIN: { description: 'To log in.' },
    REGISTRATION: { description: 'To open an account.' },
    PASSWORD_RESET: { description: 'To choose a new password.' },
    VERIFY: { description: 'To prove that a phone number or e-mail address is yours.' },
  },
});

@InputType({ description: 'Asks for a one-time code, by SMS or by e-mail.' })
export class RequestOtpInput {
  @Field(() => PhoneNumber, {
    nullable: true,
    description: 'Send it to this phone by SMS. Give this or email.',
  })
  phoneNumber?: string | null;

  @Field(() => EmailAddress, {
    nullable: true,
    description: 'Send it to this address. Give this or phoneNumber.',
  })
  email?: string | null;

  @Field(() => OtpPurpose, { description: 'What the code is for.' })
  purpose!: OtpPurpose;

  @Field(() => ClientApp, {
    nullable: true,
    description: 'The app the code is to log in to: it then serves no other. Absent: it serves any.',
  })
  clientApp?: ClientApp | null;

  @Field(() => Language, { nullable: true, description: 'The language of the message. Absent: English.' })
  language?: Language | null;
}

@InputType({ description: 'A one-time code, given back.' })
export class OtpProofInput {
  @Field(() => ID, { description: 'The challenge that requestOtp gave.' })
  challengeId!: string;

  @Field(() => String, { description: 'The six digits.' })
  code!: string;
}
