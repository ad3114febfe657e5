import type { Log } from '@suvidha/log';
import type { SocialLogin, SocialProvider } from '../generated/prisma/client.ts';
import {
  type SocialGateway,
  type SocialGateways,
  type SocialProfile,
  SocialRefusal,
} from '../providers/social-gateway.ts';
import { findUnavailable } from '../providers/vendor-fetch.ts';
import type { LoginSecrets } from './pending-logins.ts';
import { socialErrors } from './social.errors.ts';
import { toCallbackPath } from './social-login.rules.ts';

/** What came back to the client app with the person. */
export interface SocialReturn {
  readonly state: string;
  readonly code?: string | null | undefined;
  /** Why there is no code, in the provider's word. */
  readonly error?: string | null | undefined;
  /** Who says that it answers (RFC 9207). */
  readonly issuer?: string | null | undefined;
  /** Apple's text about the person. */
  readonly userText?: string | null | undefined;
  /** What the code challenge of the start was made of. */
  readonly codeVerifier?: string | null | undefined;
}

export interface SocialVerifierOptions {
  readonly gateways: SocialGateways;
  /** Address below which providers send people back to us. */
  readonly callbackBase: string;
  readonly log: Log;
}

/** Talks to the providers, and says what came of it in words for people. */
export class SocialVerifier {
  readonly #gateways: SocialGateways;
  readonly #callbackBase: string;
  readonly #log: Log;

  constructor({ gateways, callbackBase, log }: SocialVerifierOptions) {
    this.#gateways = gateways;
    this.#callbackBase = callbackBase.replace(/\/$/, '');
    this.#log = log;
  }

  /** @throws UserError INVALID_INPUT for a provider that is not configured. */
  getGateway(provider: SocialProvider): SocialGateway {
    const gateway = this.#gateways[provider];
    if (!gateway) throw socialErrors.notOffered();
    return gateway;
  }

  /**
   * The address to send the person to.
   * @throws UserError SOCIAL_PROVIDER_UNAVAILABLE
   */
  toAuthorizationUrl(provider: SocialProvider, secrets: LoginSecrets & { state: string }): Promise<string> {
    const gateway = this.getGateway(provider);
    return this.#ask(provider, () => gateway.start({ ...secrets, callbackUrl: this.#callbackUrl(provider) }));
  }

  /**
   * Who the person is, as the provider says and we have verified.
   * @throws UserError SOCIAL_LOGIN_DENIED, SOCIAL_LOGIN_FAILED or SOCIAL_PROVIDER_UNAVAILABLE
   */
  async verify(login: SocialLogin & LoginSecrets, answer: SocialReturn): Promise<SocialProfile> {
    const { provider, nonce, codeVerifier } = login;
    const { state, code, error, issuer, userText } = answer;
    if (error && deniedErrors.has(error)) throw socialErrors.denied();
    if (error || !code) throw socialErrors.failed();
    const gateway = this.getGateway(provider);
    return this.#ask(provider, () =>
      gateway.finish({
        state,
        nonce,
        codeVerifier,
        callbackUrl: this.#callbackUrl(provider),
        code,
        issuer: issuer ?? undefined,
        userText: userText ?? undefined,
      }),
    );
  }

  #callbackUrl(provider: SocialProvider): string {
    return `${this.#callbackBase}${toCallbackPath(provider)}`;
  }

  async #ask<T>(provider: SocialProvider, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const unavailable = findUnavailable(error);
      if (!unavailable && !(error instanceof SocialRefusal)) throw error;
      const reason = error instanceof SocialRefusal ? error.reason : 'UNAVAILABLE';
      this.#log.warn({ provider, reason }, 'a login at a provider came to nothing');
      throw unavailable ? socialErrors.unavailable() : socialErrors.failed();
    }
  }
}

/** Apple has a word of its own. */
const deniedErrors: ReadonlySet<string> = new Set(['access_denied', 'user_cancelled_authorize']);
