import { assertUser, type UserActor } from '@suvidha/auth';
import { isUniqueViolation } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore, UnitOfWork } from '@suvidha/events';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { LinkedAccount, SocialIntent, SocialLogin, SocialProvider } from '../generated/prisma/client.ts';
import type { AddressLimits } from '../limit/address.limits.ts';
import type { SocialProfile } from '../providers/social-gateway.ts';
import type { BackEndSessions } from '../session/back-end-sessions.ts';
import type { LoginGate } from '../session/login.gate.ts';
import { lockUser } from '../session/revocation.ts';
import type { LoginWish } from '../session/session.rules.ts';
import type { SessionService, Tokens } from '../session/session.service.ts';
import type { AccountLinker } from './account-linker.ts';
import { createSecret, type LoginSecrets, type PendingLogins } from './pending-logins.ts';
import { socialErrors } from './social.errors.ts';
import {
  isChallengeMet,
  isCodeChallenge,
  isRedirectAllowed,
  isWebAddress,
  type RedirectAllowList,
} from './social-login.rules.ts';
import type { SocialReturn, SocialVerifier } from './social-verifier.ts';

/** What somebody wants to begin. */
export interface SocialWish extends LoginWish {
  readonly provider: SocialProvider;
  readonly intent: SocialIntent;
  readonly redirectUri: string;
  readonly codeChallenge?: string | null | undefined;
}

export interface StartedSocialLogin {
  readonly authorizationUrl: string;
  readonly state: string;
  readonly expiresAt: Date;
}

export interface SocialLoginDependencies {
  readonly store: EventStore<Db>;
  readonly pending: PendingLogins;
  readonly verifier: SocialVerifier;
  readonly linker: AccountLinker;
  readonly gate: LoginGate;
  readonly sessions: SessionService;
  readonly addressLimits: AddressLimits;
  readonly db: Db;
  readonly backEndSessions: BackEndSessions;
  readonly audit: AuditLog;
  /** Where each client app may get people back. */
  readonly redirects: RedirectAllowList;
}

type ClaimedLogin = SocialLogin & LoginSecrets;

/** Logs people in by what a provider says of them. Providers are asked outside of transactions. */
export class SocialLoginService {
  readonly #dependencies: SocialLoginDependencies;

  constructor(dependencies: SocialLoginDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Begins a login, or the linking of another account to whoever asks.
   *
   * @throws UserError INVALID_INPUT, RETURN_URL_NOT_ALLOWED, SOCIAL_PROVIDER_UNAVAILABLE or RATE_LIMITED, and to link
   * STEP_UP_REQUIRED; AppError UNAUTHENTICATED to link without being logged in
   */
  async start(caller: SubgraphContext, wish: SocialWish): Promise<StartedSocialLogin> {
    const { db, pending, verifier, addressLimits } = this.#dependencies;
    const { provider, intent, clientApp, redirectUri, codeChallenge = null } = wish;
    verifier.getGateway(provider);
    this.#assertMayReturn(wish);
    const userId = intent === 'LINK' ? await this.#assertMayLink(caller) : null;
    await addressLimits.countAttempt(db, caller);
    const state = createSecret();
    const secrets = { state, nonce: createSecret(), codeVerifier: createSecret() };
    const authorizationUrl = await verifier.toAuthorizationUrl(provider, secrets);
    const role = wish.role ?? null;
    const { expiresAt } = await pending.add(
      { provider, intent, clientApp, role, redirectUri, codeChallenge, userId },
      secrets,
    );
    return { authorizationUrl, state, expiresAt };
  }

  /**
   * Completes a login. The state serves once; it is given back only when the provider could not be asked.
   * @throws UserError SOCIAL_… or one of {@link LoginGate.open}
   */
  complete(caller: SubgraphContext, answer: SocialReturn): Promise<Tokens> {
    return this.#completeOnce(caller, answer, null, (login, profile) =>
      retryOnce(() =>
        this.#dependencies.store.transact((unit) => this.#open(unit, caller, { login, profile })),
      ),
    );
  }

  /**
   * Completes the linking of another account to whoever began it.
   * @throws UserError SOCIAL_…, or NOT_FOUND when their session has ended
   */
  link(caller: SubgraphContext, actor: UserActor, answer: SocialReturn): Promise<LinkedAccount> {
    return this.#completeOnce(caller, answer, actor, ({ provider }, profile) =>
      retryOnce(() =>
        this.#dependencies.store.transact((unit) => this.#link(unit, caller, { actor, provider, profile })),
      ),
    );
  }

  #assertMayReturn({ clientApp, redirectUri, codeChallenge }: SocialWish): void {
    if (!isRedirectAllowed(this.#dependencies.redirects, clientApp, redirectUri))
      throw socialErrors.redirectNotAllowed();
    if (codeChallenge ? !isCodeChallenge(codeChallenge) : !isWebAddress(redirectUri))
      throw socialErrors.challengeNeeded();
  }

  /** Whoever finds an unlocked phone must not add a way in of their own. */
  async #assertMayLink({ actor }: SubgraphContext): Promise<string> {
    const user = assertUser(actor);
    await this.#dependencies.sessions.assertRecent(user);
    return user.userId;
  }

  #completeOnce<T>(
    caller: SubgraphContext,
    answer: SocialReturn,
    actor: UserActor | null,
    act: (login: ClaimedLogin, profile: SocialProfile) => Promise<T>,
  ): Promise<T> {
    const { db, audit, pending, addressLimits } = this.#dependencies;
    const action = actor ? AuditAction.LOGIN_LINKED : AuditAction.LOGIN;
    const attempt = { action, subjectId: actor?.userId, details: { method: 'SOCIAL' } };
    return audit.watch(caller, attempt, async () => {
      await addressLimits.countAttempt(db, caller);
      const login = await pending.claim(answer.state, actor?.userId ?? null);
      if (!isChallengeMet(login.codeChallenge, answer.codeVerifier)) throw socialErrors.invalid();
      return act(login, await this.#verify(login, answer));
    });
  }

  async #verify(login: ClaimedLogin, answer: SocialReturn): Promise<SocialProfile> {
    const { pending, verifier } = this.#dependencies;
    try {
      return await verifier.verify(login, answer);
    } catch (error) {
      const isUnavailable =
        error instanceof UserError && error.code === UserErrorCode.SOCIAL_PROVIDER_UNAVAILABLE;
      if (isUnavailable) await pending.release(login);
      throw error;
    }
  }

  async #open(
    unit: UnitOfWork<Db>,
    caller: SubgraphContext,
    { login, profile }: { login: ClaimedLogin; profile: SocialProfile },
  ): Promise<Tokens> {
    const { linker, gate, audit, backEndSessions } = this.#dependencies;
    const { id: proofId, provider, clientApp, role } = login;
    const { user, outcome } = await linker.signIn(unit, provider, profile);
    if (profile.backEndToken) await backEndSessions.keep(unit.tx, { proofId, token: profile.backEndToken });
    if (outcome === 'LINKED')
      await audit.record(unit.tx, caller, {
        action: AuditAction.LOGIN_LINKED,
        subjectId: user.id,
        clientApp,
        details: { provider },
      });
    return gate.open(unit.tx, caller, user, {
      clientApp,
      role,
      method: 'SOCIAL',
      isNew: outcome === 'NEW',
      proofId,
    });
  }

  async #link(
    unit: UnitOfWork<Db>,
    caller: SubgraphContext,
    { actor, provider, profile }: { actor: UserActor; provider: SocialProvider; profile: SocialProfile },
  ): Promise<LinkedAccount> {
    const { linker, sessions, audit } = this.#dependencies;
    await lockUser(unit.tx, actor.userId);
    // The person may have been shut out, or have left, while they were at the provider.
    await sessions.assertStanding(unit.tx, actor);
    const account = await linker.link(unit, actor.userId, { provider, profile });
    await audit.record(unit.tx, caller, {
      action: AuditAction.LOGIN_LINKED,
      subjectId: actor.userId,
      details: { provider },
    });
    return account;
  }
}

/** Two first logins of one person at the same moment: the later one finds what the earlier one made. */
async function retryOnce<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return act();
  }
}
