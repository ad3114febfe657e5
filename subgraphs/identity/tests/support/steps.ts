import { ClientApp, type UserActor } from '@suvidha/auth';
import { testActor } from '@suvidha/testing';
import { decodeJwt } from 'jose';
import type { IdentityFixture, Json } from './identity.fixture.ts';
import { receiveCode } from './inbox.ts';

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
};

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
    return this.#mutate('requestOtp', { ...to, purpose });
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
    return this.#mutate('loginWithOtp', input);
  }

  register(input: object): Promise<Json> {
    return this.#mutate('registerWithOtp', input);
  }

  /** Opens an account for a number of its own; answers the payload. */
  async join(more: object = {}): Promise<Json> {
    const otp = await this.receiveOtp(newPhoneNumber(), { purpose: 'REGISTRATION' });
    return this.register({ ...otp, ...more });
  }

  refresh(refreshToken: string): Promise<Json> {
    return this.#mutate('refreshSession', { refreshToken });
  }

  logout(actor: UserActor): Promise<Json> {
    return this.#fixture.execute(documents.logout, {}, actor);
  }

  async #mutate(name: keyof typeof documents, input: object): Promise<Json> {
    const { data, errors } = await this.#fixture.execute(documents[name], { input });
    if (errors) throw new Error(JSON.stringify(errors));
    return data[name];
  }
}

/** The person that a session belongs to, as the gateway would pass them on. */
export function actorOf({ accessToken }: { accessToken: string }): UserActor {
  const { sub, sid } = decodeJwt<{ sid: string }>(accessToken);
  return { ...testActor({ userId: String(sub) }), sessionId: sid, clientApp: ClientApp.WEB };
}

/** The codes of what kept a mutation from being done. */
export function codesOf(payload: { userErrors: { code: string }[] }): string[] {
  return payload.userErrors.map(({ code }) => code);
}

/** A code that is not this one. */
export function wrong(code: string, by = 1): string {
  return String((Number(code) + by) % 1_000_000).padStart(6, '0');
}
