import { Public, type SubgraphContext } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { toChallengeType } from '../otp/otp.type.ts';
import type { LoginService } from './login.service.ts';
import { LoginWithOtpInput, RegisterWithOtpInput } from './session.inputs.ts';
import { toSessionPayload } from './session.payload.ts';
import { LoginWithOtpPayload, RegisterWithOtpPayload } from './session.type.ts';

@Resolver()
export class LoginResolver {
  readonly #login: LoginService;

  constructor(login: LoginService) {
    this.#login = login;
  }

  @Mutation(() => LoginWithOtpPayload, {
    nullable: true,
    description: 'Logs in with a code that requestOtp sent.',
  })
  @Public()
  loginWithOtp(
    @Arg('input', () => LoginWithOtpInput, { description: 'The code and its challenge.' })
    input: LoginWithOtpInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return toSessionPayload(() => this.#login.loginWithOtp(caller, input));
  }

  @Mutation(() => RegisterWithOtpPayload, {
    nullable: true,
    description: 'Opens an account with a code that requestOtp sent, and logs in.',
  })
  @Public()
  async registerWithOtp(
    @Arg('input', () => RegisterWithOtpInput, { description: 'The code, its challenge and the new account.' })
    input: RegisterWithOtpInput,
    @Ctx() caller: SubgraphContext,
  ) {
    const payload = await toSessionPayload(() => this.#login.registerWithOtp(caller, input));
    const { phoneNumber } = input;
    const isOther = payload.user && phoneNumber && phoneNumber !== payload.user.phoneNumber;
    const challenge = isOther ? await this.#login.requestPhoneProof(caller, phoneNumber) : null;
    return { ...payload, phoneChallenge: challenge && toChallengeType(challenge) };
  }
}
