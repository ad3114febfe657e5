import { createHash, timingSafeEqual } from 'node:crypto';
import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { type SocialAnswer, SocialRefusal, type SocialStart } from './social-gateway.ts';
import { createVendorFetch, findUnavailable } from './vendor-fetch.ts';

/** How long a provider's description of itself is taken for true. */
const metadataLifetimeMs = 3_600_000;
const timeoutSeconds = 10;

export interface OidcClientOptions {
  /** Name of the vendor in messages. */
  readonly vendor: string;
  /** Its issuer identifier, below which discovery finds it. With `http:` its addresses may be `http:` too. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientAuth: oidc.ClientAuth;
}

export interface OidcTokens {
  /** The claims of a verified ID token. */
  readonly claims: oidc.IDToken;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
}

interface Provider {
  readonly config: oidc.Configuration;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
  readonly readAt: number;
}

/** Logins by OpenID Connect's authorization code flow, with state, nonce and PKCE, at one provider. */
export class OidcClient {
  readonly #options: OidcClientOptions;
  readonly #fetch: typeof fetch;
  #provider: Promise<Provider> | undefined;

  constructor(options: OidcClientOptions) {
    this.#options = options;
    this.#fetch = createVendorFetch(options.vendor);
  }

  /** @throws AppError UPSTREAM_UNAVAILABLE. */
  async toAuthorizationUrl(start: SocialStart, more: Readonly<Record<string, string>>): Promise<string> {
    const { config } = await this.#getProvider();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: start.callbackUrl,
      state: start.state,
      nonce: start.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(start.codeVerifier),
      code_challenge_method: 'S256',
      ...more,
    });
    return url.href;
  }

  /**
   * Exchanges a code and verifies the ID token: signature by the issuer's keys, `iss`, `aud`, `azp`, `exp`, `nonce` and,
   * where it is there, `at_hash` (OpenID Connect Core §3.1.3.7).
   *
   * @throws SocialRefusal, or AppError UPSTREAM_UNAVAILABLE
   */
  async exchange(answer: SocialAnswer): Promise<OidcTokens> {
    const { config, keys } = await this.#getProvider();
    return refuse(async () => {
      const tokens = await oidc.authorizationCodeGrant(config, toCurrentUrl(answer), {
        expectedState: answer.state,
        expectedNonce: answer.nonce,
        pkceCodeVerifier: answer.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!tokens.id_token || !claims) throw new SocialRefusal('ID_TOKEN_MISSING');
      await jwtVerify(tokens.id_token, keys, {
        issuer: this.#options.issuer,
        audience: this.#options.clientId,
        algorithms: ['RS256', 'ES256'],
      });
      assertAccessTokenHash(claims, tokens.access_token);
      return { claims, accessToken: tokens.access_token, refreshToken: tokens.refresh_token };
    });
  }

  /**
   * Revokes a refresh token (RFC 7009). One that is revoked already is well.
   * @throws SocialRefusal, or AppError UPSTREAM_UNAVAILABLE
   */
  async revoke(refreshToken: string): Promise<void> {
    const { config } = await this.#getProvider();
    await refuse(() => oidc.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' }));
  }

  async #getProvider(): Promise<Provider> {
    const known = await this.#provider?.catch(() => undefined);
    if (known && Date.now() - known.readAt < metadataLifetimeMs) return known;
    this.#provider = refuse(() => this.#discover());
    try {
      return await this.#provider;
    } catch (error) {
      // What was true an hour ago is better than nobody getting in.
      if (known) return known;
      throw error;
    }
  }

  async #discover(): Promise<Provider> {
    const { issuer, clientId, clientAuth } = this.#options;
    const isInsecure = new URL(issuer).protocol === 'http:';
    const config = await oidc.discovery(new URL(issuer), clientId, undefined, clientAuth, {
      [oidc.customFetch]: this.#fetch as oidc.CustomFetch,
      timeout: timeoutSeconds,
      execute: isInsecure ? [oidc.allowInsecureRequests] : [],
    });
    const { jwks_uri: jwksUri } = config.serverMetadata();
    if (!jwksUri || (!isInsecure && !jwksUri.startsWith('https:'))) throw new SocialRefusal('JWKS_URI');
    const keys = createRemoteJWKSet(new URL(jwksUri), {
      [joseFetch]: this.#fetch,
      timeoutDuration: timeoutSeconds * 1000,
      // Tokens come only from the provider itself, so nobody can make us ask for keys again and again.
      cooldownDuration: 0,
    });
    return { config, keys, readAt: Date.now() };
  }
}

/** Turns whatever a library throws into a refusal, unless the vendor could not be asked. */
export async function refuse<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const unavailable = findUnavailable(error);
    if (unavailable) throw unavailable;
    if (error instanceof SocialRefusal) throw error;
    throw new SocialRefusal(reasonOf(error), { cause: error });
  }
}

/** The address that the person came back to, which the library reads. */
export function toCurrentUrl({ callbackUrl, code, state, issuer }: SocialAnswer): URL {
  const url = new URL(callbackUrl);
  url.search = new URLSearchParams({ code, state, ...(issuer && { iss: issuer }) }).toString();
  return url;
}

/** The provider's word for it, or the library's. */
function reasonOf(error: unknown): string {
  if (error instanceof oidc.ResponseBodyError) return error.error;
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}

function assertAccessTokenHash({ at_hash: expected }: oidc.IDToken, accessToken: string): void {
  if (expected === undefined) return;
  const actual = createHash('sha256').update(accessToken).digest().subarray(0, 16);
  const given = Buffer.from(String(expected), 'base64url');
  if (given.length !== actual.length || !timingSafeEqual(given, actual)) throw new SocialRefusal('AT_HASH');
}
