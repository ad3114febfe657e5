import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Person } from '../support/person.ts';
import { Product } from '../support/product.ts';

let product: Product;
let admin: Person;

beforeAll(async () => {
  product = await Product.start('one process', {
    PARENT_APP_DEVELOPMENT_ORIGINS: 'https://parent.test',
    MESSAGES_PER_ADDRESS: '60',
  });
  admin = await logIn(phones.admin);
});

afterAll(() => product[Symbol.asyncDispose]());

const password = 'monsoon-lantern-42';
const newPassword = 'kite-over-harbour-77';
const phones = { admin: '+919876543212', operator: '+919876543211' };

async function logIn(phoneNumber: string): Promise<Person> {
  const person = new Person(product);
  await person.enter('loginWithOtp', await person.receiveOtp(phoneNumber));
  return person;
}

describe('by one-time code', () => {
  it('registers, logs in to the app that was asked for, and refreshes in two tabs', async () => {
    const phoneNumber = '+919000000001';
    const person = new Person(product);
    const registration = await person.receiveOtp(phoneNumber, { purpose: 'REGISTRATION' });
    const { user } = await person.enter('registerWithOtp', { ...registration, username: 'e2e parent' });
    person.accessToken = '';
    const otp = await person.receiveOtp(phoneNumber, { clientApp: 'PARENT' });
    const elsewhere = await person.enter('loginWithOtp', { ...otp, clientApp: 'WEB' });
    expect(elsewhere.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const parent = { ...otp, clientApp: 'PARENT' };
    const refused = await person.enter('loginWithOtp', parent, { origin: 'https://web.test' });
    expect(refused.userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'clientApp'] }]);
    await person.enter('loginWithOtp', parent, { origin: 'https://parent.test' });
    expect(decodeJwt(person.accessToken)).toMatchObject({ sub: user.id, aud: 'PARENT' });

    const { refreshToken } = person;
    const tabs = await Promise.all(
      ['first', 'second'].map(() => new Person(product).enter('refreshSession', { refreshToken })),
    );
    for (const tab of tabs) expect([tab.userErrors, tab.user.id]).toEqual([[], user.id]);
    const { data } = await person.ask('{ me { id } mySessions { clientApp isCurrent } }');
    expect(data).toEqual({
      me: { id: user.id },
      mySessions: [
        { clientApp: 'PARENT', isCurrent: true },
        { clientApp: 'WEB', isCurrent: false },
      ],
    });
  });
});

describe('by password', () => {
  it('registers with a mail, logs in, forgets, resets, changes', async () => {
    const email = 'e2e@example.org';
    const person = new Person(product);
    expect(await person.do('registerWithPassword', { email, password: 'password1' })).toMatchObject({
      userErrors: [{ code: 'PASSWORD_NOT_ALLOWED' }],
    });
    await person.do('registerWithPassword', { email, password });
    const login = { name: email, password };
    expect(await person.enter('loginWithPassword', login)).toMatchObject({
      userErrors: [{ code: 'CREDENTIALS_INCORRECT' }],
    });
    const token = await person.receiveToken(email);
    expect(await person.do('verifyEmail', { token }, 'user { email } userErrors { code }')).toEqual({
      user: { email },
      userErrors: [],
    });
    await person.enter('loginWithPassword', login);

    const stranger = new Person(product);
    const otp = await stranger.receiveOtp(email, { purpose: 'PASSWORD_RESET' });
    expect(await stranger.do('resetPassword', { otp, newPassword })).toEqual({ userErrors: [] });
    expect(
      (await person.enter('refreshSession', { refreshToken: person.refreshToken })).userErrors,
    ).toMatchObject([{ code: 'REFRESH_TOKEN_INVALID' }]);
    await person.enter('loginWithPassword', { name: email, password: newPassword });
    const change = { currentPassword: newPassword, newPassword: password };
    expect(await person.do('changePassword', change)).toEqual({ userErrors: [] });
    expect(await person.read(email, 4)).toContain('your password was changed');
  });

  it('sends a link to who has forgotten it', async () => {
    const [email, person] = ['forgetful@example.org', new Person(product)];
    await person.do('registerWithPassword', { email, password });
    await person.do('verifyEmail', { token: await person.receiveToken(email) });
    const reset = await person.do('requestPasswordReset', { email: 'asha@example.com' });
    expect(reset).toEqual({ userErrors: [] });
    const token = await person.receiveToken('asha@example.com');
    expect(await person.do('resetPassword', { token, newPassword })).toEqual({ userErrors: [] });
    const { user } = await person.enter('loginWithPassword', { name: 'asha', password: newPassword });
    expect(user.email).toBe('asha@example.com');
  });
});

describe('sessions', () => {
  it('end everywhere, and their access tokens with them', async () => {
    const person = new Person(product);
    const registration = await person.receiveOtp('+919000000002', { purpose: 'REGISTRATION' });
    await person.enter('registerWithOtp', registration);
    const { accessToken } = person;
    await person.do('logoutEverywhere', {});
    const query = 'query ($token: String!) { validateSession(token: $token) { isValid userId } }';
    const { data } = await new Person(product).ask(query, { token: accessToken });
    expect(data.validateSession).toEqual({ isValid: false, userId: null });
    await vi.waitFor(async () => expect((await person.send('{ me { id } }')).status).toBe(401), {
      timeout: 20_000,
    });
  });

  it('prove again who they are before a phone number changes, and the old one is told', async () => {
    const person = new Person(product);
    const [oldNumber, newNumber] = ['+919000000003', '+919000000004'];
    await person.enter('registerWithOtp', await person.receiveOtp(oldNumber, { purpose: 'REGISTRATION' }));
    const otp = await person.receiveOtp(oldNumber);
    expect(await person.do('reauthenticate', { otp })).toEqual({ userErrors: [] });
    const phoneVerification = await person.receiveOtp(newNumber, { purpose: 'VERIFY' });
    const { user } = await person.do(
      'updateProfile',
      { phoneVerification },
      'user { phoneNumber } userErrors { code }',
    );
    expect(user.phoneNumber).toBe(newNumber);
    expect(await person.read(oldNumber, 3)).toContain('your phone number was changed');
  });
});

describe('staff', () => {
  it('give roles, shut people out, and everything stands in the audit log', async () => {
    const person = new Person(product);
    const phoneNumber = '+919000000005';
    const { user } = await person.enter(
      'registerWithOtp',
      await person.receiveOtp(phoneNumber, { purpose: 'REGISTRATION' }),
    );
    const role = await admin.do(
      'setUserRole',
      { userId: user.id, role: 'OPERATOR' },
      'user { roles } userErrors { code }',
    );
    expect(role.user.roles).toEqual(['USER', 'OPERATOR']);
    const found = await admin.ask(
      '{ users(filter: { search: "00000005" }) { edges { node { id roles } } } }',
    );
    expect(found.data.users.edges).toEqual([{ node: { id: user.id, roles: ['USER', 'OPERATOR'] } }]);
    const reason = { userId: user.id, reason: 'e2e' };
    await admin.do('suspendUser', reason);
    const login = await new Person(product).receiveOtp(phoneNumber);
    expect((await new Person(product).enter('loginWithOtp', login)).userErrors).toMatchObject([
      { code: 'ACCOUNT_SUSPENDED' },
    ]);
    const { data } = await admin.ask(
      `query ($id: ID!) { auditLog(filter: { subjectId: $id }) { edges { node { action outcome actorId } } }
        auditLogIntegrity { isIntact } }`,
      { id: user.id },
    );
    expect(data.auditLog.edges.map(({ node }: { node: { action: string } }) => node.action)).toEqual([
      // Refused: it was after the suspension.
      'LOGIN',
      'USER_SUSPENDED',
      'ROLE_SET',
      'REGISTRATION',
    ]);
    expect(data.auditLogIntegrity).toEqual({ isIntact: true });
    const dashboard = await admin.ask(
      '{ adminDashboard(from: "2026-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z") { accounts { registrations } } }',
    );
    expect(dashboard.data.adminDashboard.accounts.registrations).toBeGreaterThan(3);
  });

  it('set the versions of the apps; old ones are sent to a newer one', async () => {
    const release = { app: 'MOBILE', platform: 'IOS', minimumVersion: '2.0', recommendedVersion: '3.0' };
    const operator = await logIn(phones.operator);
    await expect(operator.do('setClientRelease', release)).rejects.toThrow('FORBIDDEN');
    expect(await admin.do('setClientRelease', release)).toEqual({ userErrors: [] });
    const asked = await operator.ask(
      '{ clientRelease(app: MOBILE, platform: IOS, version: "2.5") { status } }',
    );
    expect(asked.data.clientRelease).toEqual({ status: 'UPGRADE_RECOMMENDED' });

    const askAs = (version: string) =>
      operator.send(
        '{ me { id } }',
        {},
        { 'x-client-app': 'MOBILE', 'x-client-platform': 'IOS', 'x-client-version': version },
      );
    await vi.waitFor(async () => expect((await askAs('1.9')).status).toBe(403), {
      timeout: 20_000,
      interval: 100,
    });
    expect((await (await askAs('1.9')).json()).errors).toMatchObject([
      { extensions: { code: 'CLIENT_UPGRADE_REQUIRED', minimumVersion: '2.0', recommendedVersion: '3.0' } },
    ]);
    expect((await askAs('2.5')).headers.get('x-client-recommended-version')).toBe('3.0');
    expect((await askAs('3.0')).headers.get('x-client-recommended-version')).toBeNull();
  });
});

describe('what a client says of itself', () => {
  it('changes nothing about the address that limits count by', async () => {
    const person = new Person(product);
    const ask = (index: number) =>
      person.ask(
        `mutation { requestPasswordReset(input: { email: "spoof${index}@example.org" }) { userErrors { code } } }`,
        {},
        {
          'x-forwarded-for': `203.0.113.${index}`,
          forwarded: `for=203.0.113.${index}`,
          'x-real-ip': `203.0.113.${index}`,
        },
      );
    const answers = await Promise.all(Array.from({ length: 70 }, (_, index) => ask(index)));
    const codes = answers.flatMap(({ data }) =>
      data.requestPasswordReset.userErrors.map(({ code }: { code: string }) => code),
    );
    expect(codes.length).toBeGreaterThanOrEqual(10);
    expect(new Set(codes)).toEqual(new Set(['RATE_LIMITED']));
  });
});
