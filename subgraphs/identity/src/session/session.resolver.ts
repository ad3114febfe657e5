import { assertUser } from '@suvidha/auth';
import { Public, RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import {
  LogoutEverywhereInput,
  LogoutInput,
  ReauthenticateInput,
  RefreshSessionInput,
  RevokeSessionInput,
} from './session.inputs.ts';
import { toSessionPayload } from './session.payload.ts';
import type { SessionService } from './session.service.ts';
import {
  LogoutEverywherePayload,
  LogoutPayload,
  ReauthenticatePayload,
  RefreshSessionPayload,
  RevokeSessionPayload,
  SessionType,
  TokenInspectionType,
} from './session.type.ts';
import type { StepUpService } from './step-up.service.ts';
import type { TokenInspectionService } from './token-inspection.service.ts';

export interface SessionResolverServices {
  readonly sessions: SessionService;
  readonly stepUp: StepUpService;
  readonly inspection: TokenInspectionService;
}

@Resolver()
export class SessionResolver {
  readonly #services: SessionResolverServices;

  constructor(services: SessionResolverServices) {
    this.#services = services;
  }

  @Query(() => [SessionType], {
    nullable: true,
    description: 'Your sessions that can still be used, the newest first; at most a hundred.',
  })
  @RequireAuth()
  async mySessions(@Ctx() { actor }: SubgraphContext): Promise<object[]> {
    const user = assertUser(actor);
    const sessions = await this.#services.sessions.list(user);
    return sessions.map((session) => ({ ...session, isCurrent: session.id === user.sessionId }));
  }

  @Query(() => TokenInspectionType, {
    nullable: true,
    description: 'What an access token is worth now. Of a bad one it says only that it is bad.',
  })
  @Public()
  validateSession(
    @Arg('token', () => String, { description: 'The access token.' }) token: string,
  ): Promise<object> {
    return this.#services.inspection.inspect(token);
  }

  @Mutation(() => RefreshSessionPayload, {
    nullable: true,
    description:
      'Exchanges a refresh token for new tokens. A token that comes again after ten seconds ends its session.',
  })
  @Public()
  refreshSession(
    @Arg('input', () => RefreshSessionInput, { description: 'The token.' }) {
      refreshToken,
    }: RefreshSessionInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return toSessionPayload(() => this.#services.sessions.refresh(caller, refreshToken));
  }

  @Mutation(() => LogoutPayload, { nullable: true, description: 'Ends the session of whoever asks.' })
  @RequireAuth()
  async logout(
    @Arg('input', () => LogoutInput, { nullable: true, description: 'Nothing is needed.' })
    _input: LogoutInput | null,
    @Ctx() caller: SubgraphContext,
  ): Promise<LogoutPayload> {
    await this.#services.sessions.close(caller, assertUser(caller.actor));
    return { userErrors: [] };
  }

  @Mutation(() => LogoutEverywherePayload, {
    nullable: true,
    description: 'Ends your sessions on all devices, or on all others.',
  })
  @RequireAuth()
  async logoutEverywhere(
    @Arg('input', () => LogoutEverywhereInput, { nullable: true, description: 'Which sessions.' })
    input: LogoutEverywhereInput | null,
    @Ctx() caller: SubgraphContext,
  ): Promise<LogoutEverywherePayload> {
    const { userId, sessionId } = assertUser(caller.actor);
    const choice = input?.keepThisSession ? ({ except: sessionId } as const) : 'ALL';
    await this.#services.sessions.end(caller, userId, choice, 'LOGOUT_EVERYWHERE');
    return { userErrors: [] };
  }

  @Mutation(() => RevokeSessionPayload, { nullable: true, description: 'Ends one of your sessions.' })
  @RequireAuth()
  revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'Which one.' }) { sessionId }: RevokeSessionInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<RevokeSessionPayload> {
    return withUserErrors({}, async () => {
      await this.#services.sessions.revoke(caller, assertUser(caller.actor), sessionId);
      return {};
    });
  }

  @Mutation(() => ReauthenticatePayload, {
    nullable: true,
    description: 'Proves again who you are, for ten minutes: before what is hard to undo.',
  })
  @RequireAuth()
  reauthenticate(
    @Arg('input', () => ReauthenticateInput, { description: 'The proof.' }) input: ReauthenticateInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<ReauthenticatePayload> {
    return withUserErrors({}, async () => {
      await this.#services.stepUp.reauthenticate(caller, assertUser(caller.actor), input);
      return {};
    });
  }
}
