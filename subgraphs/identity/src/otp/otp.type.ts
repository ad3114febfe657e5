import { DateTime, UserErrorType } from '@suvidha/subgraph';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { type Destination, maskDestination } from './otp.rules.ts';

@ObjectType('OtpChallenge', { description: 'A one-time code that was sent and waits to be given back.' })
export class OtpChallengeType {
  @Field(() => ID, { description: 'Identifies the challenge; give it back together with the code.' })
  id!: string;

  @Field(() => String, { description: 'Where the code went, masked, such as `+91*****3210`.' })
  maskedDestination!: string;

  @Field(() => DateTime, { description: 'When the code stops being valid.' })
  expiresAt!: Date;

  @Field(() => Int, { description: 'How many wrong codes may still be given.' })
  attemptsRemaining!: number;
}

interface Challenge {
  readonly id: string;
  readonly channel: Destination['channel'];
  readonly destination: string;
  readonly expiresAt: Date;
  readonly attemptsRemaining: number;
}

export function toChallengeType(challenge: Challenge): OtpChallengeType {
  const { id, channel, destination, expiresAt, attemptsRemaining } = challenge;
  const maskedDestination = maskDestination({ channel, address: destination });
  return { id, maskedDestination, expiresAt, attemptsRemaining };
}

@ObjectType({ description: 'The outcome of asking for a code.' })
export class RequestOtpPayload {
  @Field(() => OtpChallengeType, {
    nullable: true,
    description:
      'The challenge. The answer is the same whether or not there is an account. Null: see userErrors.',
  })
  challenge!: OtpChallengeType | null;

  @Field(() => [UserErrorType], { description: 'Why no code was sent. Empty: it was.' })
  userErrors!: UserErrorType[];
}
