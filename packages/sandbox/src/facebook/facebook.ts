import { createHmac, randomBytes } from 'node:crypto';
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
import { nameOf, subjectOf } from '../oauth/person.ts';
import { TokenSigner, toHalfHash, unixSeconds } from '../oauth/token-signer.ts';

export interface FacebookOptions {
  appId: string;
  appSecret: string;
}

/** What a code or token was given for. */
export interface FacebookGrant {
  readonly request: AuthorizationRequest;
  readonly consent: Consent;
}

/** Facebook's tokens for people hold for sixty days. */
const lifetimeSeconds = 60 * 86_400;

/** Facebook Login with one app (https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow). */
export class Facebook implements ConsentParty {
  readonly options: FacebookOptions;
  readonly signer = new TokenSigner();
  readonly codes = new Grants<FacebookGrant>({ prefix: 'AQ', lifetimeMs: 10 * 60_000 });
  readonly accessTokens = new Grants<FacebookGrant>({ prefix: 'EAA', lifetimeMs: lifetimeSeconds * 1000 });
  readonly brand = {
    name: 'Facebook',
    className: 'facebook',
    appName: 'Suvidha',
    emailChoices: ['share', 'refuse'],
  } as const;
  private readonly faults: Faults;

  constructor(options: FacebookOptions, faults: Faults) {
    this.options = options;
    this.faults = faults;
  }

  read(query: unknown): AuthorizationRequest {
    return readAuthorization(query, { clientId: this.options.appId, responseTypes: ['code', ''] });
  }

  answer(request: AuthorizationRequest, consent: Consent | null): BrowserAnswer {
    const answer = backByQuery(
      request,
      consent === null
        ? {
            error: 'access_denied',
            error_code: '200',
            error_reason: 'user_denied',
            error_description: 'Permissions error',
          }
        : { code: this.codes.issue({ request, consent }) },
    );
    // Facebook marks every way back with this fragment.
    return { ...answer, url: `${answer.url}#_=_` };
  }

  /** The answer to a code; with the scope `openid` also an ID token. */
  async issueTokens(grant: FacebookGrant): Promise<Record<string, unknown>> {
    const accessToken = this.accessTokens.issue(grant);
    const answer = { access_token: accessToken, token_type: 'bearer', expires_in: lifetimeSeconds };
    if (!grant.request.scopes.includes('openid')) return answer;
    const claims = this.toClaims(grant, accessToken);
    const idToken = await signIdToken(this.signer, claims, {
      faults: this.faults,
      call: 'facebook.sign-id-token',
    });
    return { ...answer, id_token: idToken };
  }

  /** The permissions that the person gave. */
  grantedScopes({ request, consent }: FacebookGrant): string[] {
    return request.scopes.filter((scope) => scope !== 'email' || consent.email === 'share');
  }

  /** The fields of `/me` that may be shown. */
  toProfile(grant: FacebookGrant): Record<string, unknown> {
    const { person } = grant.consent;
    const mayShowEmail = this.grantedScopes(grant).includes('email') && person.email !== null;
    return {
      id: subjectOf('facebook', person),
      name: nameOf(person),
      first_name: person.firstName,
      last_name: person.lastName,
      ...(mayShowEmail ? { email: person.email } : {}),
      picture: {
        data: {
          height: 50,
          width: 50,
          is_silhouette: true,
          url: 'https://platform-lookaside.fbsbx.com/sandbox',
        },
      },
    };
  }

  /** What `appsecret_proof` must be for a token. */
  toProof(accessToken: string): string {
    return createHmac('sha256', this.options.appSecret).update(accessToken).digest('hex');
  }

  reset(): void {
    this.codes.clear();
    this.accessTokens.clear();
  }

  private toClaims(grant: FacebookGrant, accessToken: string) {
    const { id, name, first_name, last_name, email } = this.toProfile(grant);
    const { nonce } = grant.request;
    return {
      iss: 'https://www.facebook.com',
      aud: this.options.appId,
      sub: id,
      exp: unixSeconds() + 3600,
      jti: randomBytes(8).toString('hex'),
      at_hash: toHalfHash(accessToken),
      ...(nonce === null ? {} : { nonce }),
      name,
      given_name: first_name,
      family_name: last_name,
      ...(email === undefined ? {} : { email }),
    };
  }
}
