import { AppError } from '@suvidha/errors';
import { Public, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RequestOtpInput } from './otp.inputs.ts';
import type { Destination } from './otp.rules.ts';
import type { OtpService } from './otp.service.ts';
import { RequestOtpPayload, toChallengeType } from './otp.type.ts';

@Resolver()
export class OtpResolver {
  readonly #otp: OtpService;

  constructor(otp: OtpService) {
    this.#otp = otp;
  }

  @Mutation(() => RequestOtpPayload, {
    nullable: true,
    description: 'Sends a one-time code of six digits, valid for ten minutes and three attempts.',
  })
  @Public()
  requestOtp(
    @Arg('input', () => RequestOtpInput, { description: 'Where to, and what for.' }) input: RequestOtpInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<RequestOtpPayload> {
    const destination = toDestination(input);
    return withUserErrors<Omit<RequestOtpPayload, 'userErrors'>>({ challenge: null }, async () => {
      const { purpose, clientApp, language } = input;
      const challenge = await this.#otp.request(caller, { destination, purpose, clientApp, language });
      return { challenge: toChallengeType(challenge) };
    });
  }
}

function toDestination({ phoneNumber, email }: RequestOtpInput): Destination {
  if (phoneNumber && !email) return { channel: 'SMS', address: phoneNumber };
  if (email && !phoneNumber) return { channel: 'EMAIL', address: email };
  throw new AppError('BAD_USER_INPUT', 'Give either phoneNumber or email.', {
    field: ['input', 'phoneNumber'],
  });
}
