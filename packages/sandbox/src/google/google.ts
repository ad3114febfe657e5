import { randomBytes } from 'node:crypto';
import type { Faults } from '../control/faults.ts';
import {
  type AuthorizationRequest,
  type BrowserAnswer,
  backByQuery,
  type Consent,
  type ConsentParty,
  readAuthorization,
} from '../oauth/authorization.ts';
import { Grants } from '../oauth/grants.ts';
import { signIdToken } from '../oauth/id-token.ts';
import { nameOf, type Person, subjectOf } from '../oauth/person.ts';
import { TokenSigner, toHalfHash, unixSeconds } from '../oauth/token-signer.ts';

export interface GoogleOptions {
  clientId: string;
  clientSecret: string;
}

/** What a code was given for. */
export interface GoogleGrant {
  readonly request: AuthorizationRequest;
  readonly person: Person;
}

/** Google counts a second off an hour. */
const lifetimeSeconds = 3599;

/** Google's OpenID provider with one app (https://developers.google.com/identity/openid-connect/openid-connect). */
export class Google implements ConsentParty {
  readonly options: GoogleOptions;
  readonly signer = new TokenSigner();
  readonly codes = new Grants<GoogleGrant>({ prefix: '4/0', lifetimeMs: 10 * 60_000 });
  readonly accessTokens = new Grants<GoogleGrant>({ prefix: 'ya29.', lifetimeMs: lifetimeSeconds * 1000 });
  readonly brand = {
    name: 'Google',
    className: 'google',
    appName: 'Suvidha',
    emailChoices: ['share'],
  } as const;
  private readonly faults: Faults;

  constructor(options: GoogleOptions, faults: Faults) {
    this.options = options;
    this.faults = faults;
  }

  read(query: unknown): AuthorizationRequest {
    return readAuthorization(query, { clientId: this.options.clientId, responseTypes: ['code'] });
  }

  answer(request: AuthorizationRequest, consent: Consent | null): BrowserAnswer {
    if (consent === null) return backByQuery(request, { error: 'access_denied' });
    const code = this.codes.issue({ request, person: consent.person });
    return backByQuery(request, { code, scope: request.scopes.join(' '), authuser: '0', prompt: 'consent' });
  }

  /** The token endpoint's answer. */
  async issueTokens(grant: GoogleGrant, issuer: string): Promise<Record<string, unknown>> {
    const { request } = grant;
    const accessToken = this.accessTokens.issue(grant);
    const answer = {
      access_token: accessToken,
      expires_in: lifetimeSeconds,
      scope: request.scopes.join(' '),
      token_type: 'Bearer',
    };
    if (!request.scopes.includes('openid')) return answer;
    const claims = this.toClaims(grant, { issuer, accessToken });
    const idToken = await signIdToken(this.signer, claims, {
      faults: this.faults,
      call: 'google.sign-id-token',
    });
    return { ...answer, id_token: idToken };
  }

  /** What the scopes of the grant let the app know about the person. */
  toUserInfo({ request, person }: GoogleGrant): Record<string, unknown> {
    const profile = request.scopes.includes('profile') && {
      name: nameOf(person),
      given_name: person.firstName,
      family_name: person.lastName,
      picture: 'https://lh3.googleusercontent.com/a/sandbox=s96-c',
    };
    const email = request.scopes.includes('email') &&
      person.email !== null && { email: person.email, email_verified: person.isEmailVerified };
    return { sub: subjectOf('google', person), ...profile, ...email };
  }

  reset(): void {
    this.codes.clear();
    this.accessTokens.clear();
  }

  private toClaims(grant: GoogleGrant, token: { issuer: string; accessToken: string }) {
    const { clientId, nonce } = grant.request;
    return {
      iss: token.issuer,
      azp: clientId,
      aud: clientId,
      ...this.toUserInfo(grant),
      at_hash: toHalfHash(token.accessToken),
      ...(nonce === null ? {} : { nonce }),
      jti: randomBytes(20).toString('hex'),
      exp: unixSeconds() + lifetimeSeconds + 1,
    };
  }
}
