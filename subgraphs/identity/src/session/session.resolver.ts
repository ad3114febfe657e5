import { assertUser } from '@suvidha/auth';
import { Public, RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { LoginService } from './login.service.ts';
import {
  LoginWithOtpInput,
  LogoutInput,
  RefreshSessionInput,
  RegisterWithOtpInput,
} from './session.inputs.ts';
import type { SessionService, Tokens } from './session.service.ts';
import {
  LoginWithOtpPayload,
  LogoutPayload,
  RefreshSessionPayload,
  RegisterWithOtpPayload,
} from './session.type.ts';

@Resolver()
export class SessionResolver {
  readonly #login: LoginService;
  readonly #sessions: SessionService;

  constructor(login: LoginService, sessions: SessionService) {
    this.#login = login;
    this.#sessions = sessions;
  }

  @Mutation(() => LoginWithOtpPayload, {
    nullable: true,
    description: 'Logs in with a code that requestOtp sent.',
  })
  @Public()
  loginWithOtp(
    @Arg('input', () => LoginWithOtpInput, { description: 'The code and its challenge.' })
    input: LoginWithOtpInput,
  ) {
    return toPayload(() => this.#login.loginWithOtp(input));
  }

  @Mutation(() => RegisterWithOtpPayload, {
    nullable: true,
    description: 'Opens an account with a code that requestOtp sent, and logs in.',
  })
  @Public()
  registerWithOtp(
    @Arg('input', () => RegisterWithOtpInput, { description: 'The code, its challenge and the new account.' })
    input: RegisterWithOtpInput,
  ) {
    return toPayload(() => this.#login.registerWithOtp(input));
  }

  @Mutation(() => RefreshSessionPayload, {
    nullable: true,
    description: 'Exchanges a refresh token for new tokens. A token that is used twice ends its session.',
  })
  @Public()
  refreshSession(
    @Arg('input', () => RefreshSessionInput, { description: 'The token.' }) {
      refreshToken,
    }: RefreshSessionInput,
  ) {
    return toPayload(() => this.#sessions.refresh(refreshToken));
  }

  @Mutation(() => LogoutPayload, { nullable: true, description: 'Ends the session of whoever asks.' })
  @RequireAuth()
  async logout(
    @Arg('input', () => LogoutInput, { nullable: true, description: 'Nothing is needed.' })
    _input: LogoutInput | null,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<LogoutPayload> {
    await this.#sessions.close(assertUser(actor));
    return { userErrors: [] };
  }
}

type NoTokens = { [Key in keyof Tokens]: Tokens[Key] | null };
const noTokens: NoTokens = { accessToken: null, accessTokenExpiresAt: null, refreshToken: null, user: null };

function toPayload(useCase: () => Promise<Tokens>) {
  return withUserErrors<NoTokens>(noTokens, useCase);
}
