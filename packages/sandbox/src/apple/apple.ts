import { createHash, randomBytes } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import type { Faults } from '../control/faults.ts';
import {
  AuthorizationRefused,
  type AuthorizationRequest,
  type BrowserAnswer,
  backByForm,
  backByQuery,
  type Consent,
  type ConsentParty,
  readAuthorization,
} from '../oauth/authorization.ts';
import { Grants } from '../oauth/grants.ts';
import { signIdToken } from '../oauth/id-token.ts';
import { subjectOf } from '../oauth/person.ts';
import { TokenSigner, toHalfHash, unixSeconds } from '../oauth/token-signer.ts';

export interface AppleOptions {
  /** A Services ID, for the web. */
  clientId: string;
  teamId: string;
  keyId: string;
  /** The public half of the app's key, in PEM (SPKI). Absent: every client secret is refused until one is registered. */
  publicKey?: string | undefined;
}

/** What a code was given for. */
export interface AppleGrant {
  readonly request: AuthorizationRequest;
  readonly consent: Consent;
}

const lifetimeSeconds = 3600;
/** The longest that a client secret may hold: about six months. */
const maxSecretSeconds = 15_777_000;

/** Sign in with Apple with one app (https://developer.apple.com/documentation/signinwithapplerestapi). */
export class Apple implements ConsentParty {
  readonly options: AppleOptions;
  readonly signer = new TokenSigner();
  readonly codes = new Grants<AppleGrant>({ prefix: 'c', lifetimeMs: 5 * 60_000 });
  readonly refreshTokens = new Grants<AppleGrant>({ prefix: 'r', lifetimeMs: 365 * 86_400_000 });
  readonly brand = {
    name: 'Apple',
    className: 'apple',
    appName: 'Suvidha',
    emailChoices: ['share', 'hide'],
  } as const;
  private readonly faults: Faults;
  /** Who uses the app already: their name is not told again. */
  private readonly known = new Set<string>();

  constructor(options: AppleOptions, faults: Faults) {
    this.options = { ...options };
    this.faults = faults;
  }

  read(query: unknown): AuthorizationRequest {
    const request = readAuthorization(query, { clientId: this.options.clientId, responseTypes: ['code'] });
    if (request.scopes.some((scope) => scope !== 'openid') && request.responseMode !== 'form_post')
      throw new AuthorizationRefused(
        'invalid_request',
        'response_mode must be form_post when name or email scope is requested.',
      );
    return request;
  }

  answer(request: AuthorizationRequest, consent: Consent | null): BrowserAnswer {
    const back = request.responseMode === 'form_post' ? backByForm : backByQuery;
    if (consent === null) return back(request, { error: 'user_cancelled_authorize' });
    const code = this.codes.issue({ request, consent });
    return back(request, { code, user: this.tellUserOnce(request, consent) });
  }

  /** The token endpoint's answer; `isFirst` adds a refresh token. */
  async issueTokens(grant: AppleGrant, issuer: string, isFirst: boolean): Promise<Record<string, unknown>> {
    const accessToken = `a${randomBytes(32).toString('base64url')}`;
    const claims = this.toClaims(grant, { issuer, accessToken });
    const idToken = await signIdToken(this.signer, claims, {
      faults: this.faults,
      call: 'apple.sign-id-token',
    });
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
      ...(isFirst ? { refresh_token: this.refreshTokens.issue(grant) } : {}),
      id_token: idToken,
    };
  }

  /** Whether a client secret is a JWT that the app's key signed for this client and audience. */
  async isClientSecret(secret: string, audience: string): Promise<boolean> {
    const { clientId, teamId, keyId, publicKey } = this.options;
    if (publicKey === undefined) return false;
    try {
      const { payload, protectedHeader } = await jwtVerify(secret, await importSPKI(publicKey, 'ES256'), {
        algorithms: ['ES256'],
        issuer: teamId,
        subject: clientId,
        audience,
        requiredClaims: ['iat', 'exp'],
      });
      const lifetime = Number(payload.exp) - Number(payload.iat);
      return protectedHeader.kid === keyId && lifetime > 0 && lifetime <= maxSecretSeconds;
    } catch {
      return false;
    }
  }

  /** The person no longer uses the app: the next consent counts as the first. */
  forget({ consent }: AppleGrant): void {
    this.known.delete(subjectOf('apple', consent.person));
  }

  reset(): void {
    this.codes.clear();
    this.refreshTokens.clear();
    this.known.clear();
  }

  private tellUserOnce(request: AuthorizationRequest, consent: Consent): string | null {
    const subject = subjectOf('apple', consent.person);
    const isFirst = !this.known.has(subject);
    this.known.add(subject);
    if (!isFirst || !request.scopes.some((scope) => scope === 'name' || scope === 'email')) return null;
    const { firstName, lastName } = consent.person;
    const name = request.scopes.includes('name') && { name: { firstName, lastName } };
    const email = request.scopes.includes('email') ? toAddress(consent) : null;
    return JSON.stringify({ ...name, ...(email === null ? {} : { email }) });
  }

  private toClaims({ request, consent }: AppleGrant, token: { issuer: string; accessToken: string }) {
    const email = request.scopes.includes('email') ? toAddress(consent) : null;
    return {
      iss: token.issuer,
      aud: request.clientId,
      sub: subjectOf('apple', consent.person),
      exp: unixSeconds() + 86_400,
      auth_time: unixSeconds(),
      at_hash: toHalfHash(token.accessToken),
      nonce_supported: true,
      ...(request.nonce === null ? {} : { nonce: request.nonce }),
      ...(email === null ? {} : { email, ...describeAddress(consent) }),
    };
  }
}

function toAddress({ person, email }: Consent): string | null {
  if (person.email === null || email === 'share') return person.email;
  const alias = createHash('sha256').update(person.email).digest('hex').slice(0, 10);
  return `${alias}@privaterelay.appleid.com`;
}

/** Apple writes one of these as text and leaves the other out when it is false. */
function describeAddress({ person, email }: Consent): Record<string, unknown> {
  return email === 'hide'
    ? { email_verified: 'true', is_private_email: 'true' }
    : { email_verified: person.isEmailVerified };
}
