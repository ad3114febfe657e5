import {
  type Actor,
  type ClientApp,
  type ClientInfo,
  type Role,
  scopesOf,
  type UserActor,
} from '@suvidha/auth';
import { testActor } from '@suvidha/testing';
import { decodeJwt } from 'jose';
import type { IdentityFixture, Json } from './identity.fixture.ts';
import { receiveCode, receiveMessages } from './inbox.ts';

const userErrors = 'userErrors { code message field }';
const session = `{ accessToken accessTokenExpiresAt refreshToken
  user { id username phoneNumber email roles createdAt } ${userErrors} }`;

export const documents = {
  requestOtp: `mutation ($input: RequestOtpInput!) { requestOtp(input: $input) {
    challenge { id maskedDestination expiresAt attemptsRemaining } ${userErrors} } }`,
  loginWithOtp: `mutation ($input: LoginWithOtpInput!) { loginWithOtp(input: $input) ${session} }`,
  registerWithOtp: `mutation ($input: RegisterWithOtpInput!) { registerWithOtp(input: $input) ${session} }`,
  refreshSession: `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) ${session} }`,
  logout: `mutation { logout { ${userErrors} } }`,
  logoutEverywhere: `mutation ($input: LogoutEverywhereInput) { logoutEverywhere(input: $input) { ${userErrors} } }`,
  revokeSession: `mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { ${userErrors} } }`,
  reauthenticate: `mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { ${userErrors} } }`,
  registerWithPassword: `mutation ($input: RegisterWithPasswordInput!) {
    registerWithPassword(input: $input) { ${userErrors} } }`,
  verifyEmail: `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
    user { id username email } hasPassword ${userErrors} } }`,
  resendEmailVerification: `mutation ($input: ResendEmailVerificationInput!) {
    resendEmailVerification(input: $input) { ${userErrors} } }`,
  loginWithPassword: `mutation ($input: LoginWithPasswordInput!) { loginWithPassword(input: $input) ${session} }`,
  requestPasswordReset: `mutation ($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) { ${userErrors} } }`,
  resetPassword: `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { ${userErrors} } }`,
  changePassword: `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${userErrors} } }`,
  updateProfile: `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
    user { id username phoneNumber email } ${userErrors} } }`,
  setUserRole: `mutation ($input: SetUserRoleInput!) { setUserRole(input: $input) {
    user { id roles } ${userErrors} } }`,
  suspendUser: `mutation ($input: SuspendUserInput!) { suspendUser(input: $input) {
    user { id status } ${userErrors} } }`,
  reinstateUser: `mutation ($input: ReinstateUserInput!) { reinstateUser(input: $input) {
    user { id status } ${userErrors} } }`,
};

/** Somebody who asks, and from where; default: nobody, from nowhere. */
export interface From {
  readonly actor?: Actor;
  readonly client?: ClientInfo;
}

/** A password that breaks no rule. */
export const goodPassword = 'monsoon-lantern-42';

let lastAddress = 0;

/** An e-mail address that no other test uses. */
export function newEmail(): string {
  lastAddress += 1;
  return `person${lastAddress}@example.com`;
}

let lastNumber = 70_000_000;

/** A phone number that no other test uses. */
export function newPhoneNumber(): string {
  lastNumber += 1;
  return `+9190${lastNumber}`;
}

/** What people do, each step a mutation that answers its payload. */
export class Steps {
  readonly #fixture: IdentityFixture;

  constructor(fixture: IdentityFixture) {
    this.#fixture = fixture;
  }

  requestOtp(address: string, purpose = 'LOGIN'): Promise<Json> {
    const to = address.includes('@') ? { email: address } : { phoneNumber: address };
    return this.do('requestOtp', { ...to, purpose });
  }

  /** Asks for a code and waits for the message; `earlier` is how many codes came to the address before. */
  async receiveOtp(
    address: string,
    { purpose = 'LOGIN', earlier = 0 } = {},
  ): Promise<{ challengeId: string; code: string }> {
    const { challenge } = await this.requestOtp(address, purpose);
    return { challengeId: challenge.id, code: await receiveCode(this.#fixture, address, earlier + 1) };
  }

  login(input: object): Promise<Json> {
    return this.do('loginWithOtp', input);
  }

  register(input: object): Promise<Json> {
    return this.do('registerWithOtp', input);
  }

  /** Opens an account for a number of its own; answers the payload. */
  async join(more: object = {}): Promise<Json> {
    const otp = await this.receiveOtp(newPhoneNumber(), { purpose: 'REGISTRATION' });
    return this.register({ ...otp, ...more });
  }

  refresh(refreshToken: string): Promise<Json> {
    return this.do('refreshSession', { refreshToken });
  }

  logout(actor: UserActor): Promise<Json> {
    return this.#fixture.execute(documents.logout, {}, actor);
  }

  /** The token of the newest of so many mails with a link. */
  async receiveToken(address: string, count = 1): Promise<string> {
    const [newest] = await receiveMessages(this.#fixture, address, count);
    return /#token=([\w-]+)/.exec(newest.text)?.[1] ?? '';
  }

  /** Opens an account with a password; answers its address and id. */
  async joinWithPassword({ email = newEmail(), password = goodPassword, ...more }: Json = {}): Promise<{
    email: string;
    password: string;
    userId: string;
  }> {
    await this.do('registerWithPassword', { email, password, ...more });
    const { user } = await this.do('verifyEmail', { token: await this.receiveToken(email) });
    return { email, password, userId: user.id };
  }

  loginWithPassword(input: object, from?: From): Promise<Json> {
    return this.do('loginWithPassword', input, from);
  }

  /** Does any of the documents; answers its payload. */
  async do(name: keyof typeof documents, input: object, { actor, client }: From = {}): Promise<Json> {
    const { data, errors } = await this.#fixture.execute(documents[name], { input }, actor, client);
    if (errors) throw new Error(JSON.stringify(errors));
    return data[name];
  }
}

/** The person that a session belongs to, as the gateway would pass them on. */
export function actorOf({ accessToken }: { accessToken: string }): UserActor {
  const { sub, sid, aud, roles } = decodeJwt<{ sid: string; roles: Role[] }>(accessToken);
  return {
    ...testActor({ userId: String(sub), roles }),
    sessionId: sid,
    clientApp: aud as ClientApp,
    scopes: scopesOf(roles),
  };
}

/** The codes of what kept a mutation from being done. */
export function codesOf(payload: { userErrors: { code: string }[] }): string[] {
  return payload.userErrors.map(({ code }) => code);
}

/** A code that is not this one. */
export function wrong(code: string, by = 1): string {
  return String((Number(code) + by) % 1_000_000).padStart(6, '0');
}
