import { randomBytes, randomInt } from 'node:crypto';
import type { Faults } from '../control/faults.ts';
import type { Inbox } from '../inbox/inbox.ts';
import type { Consent } from '../oauth/authorization.ts';
import { Grants } from '../oauth/grants.ts';
import { signIdToken } from '../oauth/id-token.ts';
import { nameOf, type Person, subjectOf } from '../oauth/person.ts';
import { TokenSigner, unixSeconds } from '../oauth/token-signer.ts';
import { descopeErrors } from './descope.error.ts';

export interface DescopeOptions {
  projectId: string;
}

export type DeliveryMethod = 'sms' | 'email' | 'whatsapp' | 'voice';

/** Somebody in the project's user list. */
interface DescopeUser {
  readonly userId: string;
  readonly loginIds: string[];
  readonly createdTime: number;
  name: string;
  email: string;
  phone: string;
  verifiedEmail: boolean;
  verifiedPhone: boolean;
  readonly OAuth: Record<string, boolean>;
}

interface PendingCode {
  readonly code: string;
  readonly expiresAt: number;
  attempts: number;
  /** Whether a right code may make a new user. */
  readonly maySignUp: boolean;
}

/** A login through a provider, between its start and its exchange. */
export interface DescopeOAuth {
  readonly provider: string;
  readonly redirectUrl: string;
}

const codeLifetimeMs = 10 * 60_000;
const maxAttempts = 3;
const sessionSeconds = 600;
const refreshSeconds = 4 * 7 * 86_400;

/** One Descope project: its people, codes and sessions (https://docs.descope.com/api). */
export class Descope {
  readonly projectId: string;
  readonly signer = new TokenSigner();
  readonly flows = new Grants<DescopeOAuth>({ lifetimeMs: 10 * 60_000 });
  readonly oauthCodes = new Grants<{ provider: string; consent: Consent }>({ lifetimeMs: 3 * 60_000 });
  private readonly inbox: Inbox;
  private readonly faults: Faults;
  private readonly users = new Map<string, DescopeUser>();
  private readonly codes = new Map<string, PendingCode>();
  /** Refresh tokens that no longer serve, and people who logged out everywhere, with the second they did. */
  private readonly ended = new Set<string>();
  private readonly endedAll = new Map<string, number>();

  constructor(options: DescopeOptions, { inbox, faults }: { inbox: Inbox; faults: Faults }) {
    this.projectId = options.projectId;
    this.inbox = inbox;
    this.faults = faults;
  }

  /** Sends a code; a newer one replaces an older. */
  sendCode(method: DeliveryMethod, loginId: string, mode: 'signin' | 'signup' | 'signup-in'): void {
    const isKnown = this.users.has(loginId);
    if (mode === 'signin' && !isKnown) throw descopeErrors.userNotFound();
    if (mode === 'signup' && isKnown) throw descopeErrors.userExists();
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    this.codes.set(loginId, {
      code,
      expiresAt: Date.now() + codeLifetimeMs,
      attempts: 0,
      maySignUp: mode !== 'signin',
    });
    const text = `${code} is your Descope verification code.`;
    if (method === 'email')
      this.inbox.add({ channel: 'EMAIL', to: loginId, subject: 'Your verification code', text });
    else this.inbox.add({ channel: 'SMS', to: loginId, subject: null, text });
  }

  /** Takes a code, which serves once. */
  verifyCode(method: DeliveryMethod, loginId: string, code: string): Promise<Record<string, unknown>> {
    const pending = this.codes.get(loginId);
    if (pending === undefined) throw descopeErrors.wrongCode();
    if (pending.expiresAt <= Date.now()) throw descopeErrors.codeExpired();
    if (pending.attempts >= maxAttempts) throw descopeErrors.tooManyAttempts();
    pending.attempts += 1;
    if (pending.code !== code) throw descopeErrors.wrongCode();
    this.codes.delete(loginId);
    const { user, isNew } = this.findOrCreate(loginId, {});
    if (method === 'email') Object.assign(user, { email: loginId, verifiedEmail: true });
    else Object.assign(user, { phone: loginId, verifiedPhone: true });
    return this.toJwtResponse(user, { amr: [method], isNew });
  }

  /** Exchanges the code that a login through a provider ended with. */
  exchange(code: string): Promise<Record<string, unknown>> {
    const taken = this.oauthCodes.take(code);
    if (taken === null) throw descopeErrors.oauthFailed();
    const { provider, consent } = taken;
    const { person } = consent;
    const loginId = `${provider}-${subjectOf(provider, person)}`;
    const { user, isNew } = this.findOrCreate(loginId, toDetails(person, consent));
    user.OAuth[provider] = true;
    return this.toJwtResponse(user, { amr: ['oauth'], isNew });
  }

  /** A new session for a refresh token; this project does not rotate refresh tokens. */
  async refresh(refreshJwt: string): Promise<Record<string, unknown>> {
    const user = await this.readRefreshToken(refreshJwt);
    const { refreshJwt: _unused, ...answer } = await this.toJwtResponse(user, { amr: [], isNew: false });
    return answer;
  }

  async logout(refreshJwt: string): Promise<void> {
    await this.readRefreshToken(refreshJwt);
    this.ended.add(refreshJwt);
  }

  async logoutAll(refreshJwt: string): Promise<void> {
    const { userId } = await this.readRefreshToken(refreshJwt);
    this.endedAll.set(userId, unixSeconds());
  }

  async me(refreshJwt: string): Promise<Record<string, unknown>> {
    return toUserResponse(await this.readRefreshToken(refreshJwt));
  }

  reset(): void {
    for (const part of [this.flows, this.oauthCodes, this.users, this.codes, this.ended, this.endedAll])
      part.clear();
  }

  private findOrCreate(
    loginId: string,
    details: Partial<DescopeUser>,
  ): { user: DescopeUser; isNew: boolean } {
    const known = this.users.get(loginId);
    if (known !== undefined) return { user: known, isNew: false };
    const user: DescopeUser = {
      userId: `U2${randomBytes(20).toString('base64url').replaceAll(/[-_]/g, '0').slice(0, 25)}`,
      loginIds: [loginId],
      createdTime: unixSeconds(),
      name: '',
      email: '',
      phone: '',
      verifiedEmail: false,
      verifiedPhone: false,
      OAuth: {},
      ...details,
    };
    this.users.set(loginId, user);
    return { user, isNew: true };
  }

  private async readRefreshToken(refreshJwt: string): Promise<DescopeUser> {
    const claims = await this.signer.read(refreshJwt);
    const user = [...this.users.values()].find(({ userId }) => userId === claims?.sub);
    if (user === undefined || claims?.drn !== 'DSR') throw descopeErrors.invalidToken();
    const endedAt = this.endedAll.get(user.userId);
    if (this.ended.has(refreshJwt) || (endedAt !== undefined && Number(claims.iat) <= endedAt))
      throw descopeErrors.loggedOut();
    return user;
  }

  private async toJwtResponse(
    user: DescopeUser,
    { amr, isNew }: { amr: string[]; isNew: boolean },
  ): Promise<Record<string, unknown>> {
    const { faults } = this;
    const now = unixSeconds();
    const claims = { sub: user.userId, iss: this.projectId, amr, iat: now };
    const rexp = new Date((now + refreshSeconds) * 1000).toISOString();
    const session = { ...claims, drn: 'DS', exp: now + sessionSeconds, rexp };
    const jti = randomBytes(8).toString('hex');
    return {
      sessionJwt: await signIdToken(this.signer, session, { faults, call: 'descope.sign-session' }),
      refreshJwt: await this.signer.sign({ ...claims, drn: 'DSR', exp: now + refreshSeconds, jti }),
      cookieDomain: '',
      cookiePath: '/',
      cookieMaxAge: refreshSeconds,
      cookieExpiration: now + refreshSeconds,
      sessionExpiration: now + sessionSeconds,
      user: toUserResponse(user),
      firstSeen: isNew,
    };
  }
}

function toDetails(person: Person, { email }: Consent): Partial<DescopeUser> {
  const isShared = email === 'share' && person.email !== null;
  return {
    name: nameOf(person),
    email: isShared ? (person.email ?? '') : '',
    verifiedEmail: isShared && person.isEmailVerified,
  };
}

function toUserResponse(user: DescopeUser): Record<string, unknown> {
  return {
    ...user,
    loginIds: [...user.loginIds],
    roleNames: [],
    userTenants: [],
    status: 'enabled',
    picture: '',
    test: false,
    customAttributes: {},
    TOTP: false,
    SAML: false,
    SCIM: false,
    password: false,
  };
}
