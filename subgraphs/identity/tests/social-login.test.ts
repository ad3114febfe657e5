import { createHash, randomBytes } from 'node:crypto';
import { testDependencies } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentityApp } from '../src/index.ts';
import { createExecute, type Json } from './support/identity.fixture.ts';
import {
  control,
  newPerson,
  type Provider,
  providers,
  redirectUri,
  type SocialFixture,
  startSocial,
} from './support/social.fixture.ts';
import { codesOf, newEmail } from './support/steps.ts';

let fixture: SocialFixture;

beforeAll(async () => {
  fixture = await startSocial();
});

afterAll(() => fixture[Symbol.asyncDispose]());

async function count(table: string, where = 'true', values: unknown[] = []): Promise<number> {
  const { rows } = await fixture.pool.query(`select count(*)::int as n from ${table} where ${where}`, values);
  return rows[0].n;
}

describe.each(providers)('%s', (provider) => {
  it('opens an account the first time and finds it the next', async () => {
    const person = newPerson();
    const first = await fixture.people.login(provider, { person });
    expect(first).toMatchObject({
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      user: { roles: ['USER'], linkedAccounts: [{ provider, email: person.email }] },
      userErrors: [],
    });
    const second = await fixture.people.login(provider, { person });
    expect(second.user).toEqual(first.user);
    const { rows } = await fixture.pool.query(
      `select action, details->>'method' as method from audit_entry where subject_id = $1 order by sequence`,
      [first.user.id],
    );
    expect(rows).toEqual([
      { action: 'REGISTRATION', method: 'SOCIAL' },
      { action: 'LOGIN', method: 'SOCIAL' },
    ]);
  });

  it('tells who cancelled', async () => {
    const returned = await fixture.people.visit(provider, { decision: 'deny' });
    const payload = await fixture.people.complete(returned);
    expect([payload.accessToken, codesOf(payload)]).toEqual([null, ['SOCIAL_LOGIN_DENIED']]);
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_INVALID']);
  });

  it('serves each login once, however often and at once it is asked', async () => {
    const returned = await fixture.people.visit(provider, { person: newPerson() });
    const answers = await Promise.all(Array.from({ length: 20 }, () => fixture.people.complete(returned)));
    expect(answers.filter(({ accessToken }) => accessToken !== null)).toHaveLength(1);
    expect(new Set(answers.flatMap(codesOf))).toEqual(new Set(['SOCIAL_LOGIN_INVALID']));
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_INVALID']);
  });

  it('makes one account of two first logins at once', async () => {
    const person = newPerson();
    const returned = await Promise.all([1, 2].map(() => fixture.people.visit(provider, { person })));
    const [one, two] = await Promise.all(returned.map((back) => fixture.people.complete(back)));
    expect([one.userErrors, two.userErrors, two.user.id]).toEqual([[], [], one.user.id]);
    expect(await count('linked_account', 'email = $1', [person.email])).toBe(1);
  });

  it("does not take one login's code for another", async () => {
    const [mine, theirs] = [
      await fixture.people.visit(provider, { person: newPerson() }),
      await fixture.people.visit(provider, { person: newPerson() }),
    ];
    const payload = await fixture.people.complete({ ...mine, code: theirs.code });
    expect([payload.accessToken, codesOf(payload)]).toEqual([null, ['SOCIAL_LOGIN_FAILED']]);
  });

  it('can be tried again when it had a fault, and only then', async () => {
    const returned = await fixture.people.visit(provider, { person: newPerson() });
    await fixture.people.strike(provider.toLowerCase(), 'exchange-code', '500');
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_PROVIDER_UNAVAILABLE']);
    await fixture.people.strike(provider.toLowerCase(), 'exchange-code', 'reset');
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_PROVIDER_UNAVAILABLE']);
    expect(codesOf(await fixture.people.complete(returned))).toEqual([]);
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_INVALID']);
  });

  it('asks to start again when the answer to the code was lost', async () => {
    const person = newPerson();
    const returned = await fixture.people.visit(provider, { person });
    await fixture.people.strike(provider.toLowerCase(), 'exchange-code', 'reset', { when: 'after' });
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_PROVIDER_UNAVAILABLE']);
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_FAILED']);
    expect(codesOf(await fixture.people.login(provider, { person }))).toEqual([]);
  });
});

describe.each(['GOOGLE', 'APPLE'] as const)('an ID token of %s', (provider) => {
  it.each(['wrong-nonce', 'wrong-audience', 'wrong-issuer', 'wrong-signature', 'wrong-at-hash', 'expired'])(
    'is refused: %s',
    async (fault) => {
      const person = newPerson();
      const returned = await fixture.people.visit(provider, { person });
      await fixture.people.strike(provider.toLowerCase(), 'sign-id-token', fault);
      const payload = await fixture.people.complete(returned);
      expect([payload.accessToken, codesOf(payload)]).toEqual([null, ['SOCIAL_LOGIN_FAILED']]);
      expect(await count('user_account', 'email = $1', [person.email])).toBe(0);
      expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_INVALID']);
    },
  );

  it('is believed by a new key, too', async () => {
    const returned = await fixture.people.visit(provider, { person: newPerson() });
    await fixture.people.strike(provider.toLowerCase(), 'sign-id-token', 'key-rotated');
    expect(codesOf(await fixture.people.complete(returned))).toEqual([]);
  });
});

it.each(['another-app', 'another-person', 'invalid-token'])(
  "Facebook's word on a token is checked: %s",
  async (fault) => {
    const returned = await fixture.people.visit('FACEBOOK', { person: newPerson() });
    await fixture.people.strike('facebook', 'describe-token', fault);
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_FAILED']);
  },
);

describe('Apple', () => {
  it('tells the name once, which is kept', async () => {
    const person = newPerson();
    const returned = await fixture.people.visit('APPLE', { person });
    expect(JSON.parse(String(returned.user)).name.firstName).toBe('Nila');
    const name = `Nila ${person.last_name}`;
    expect((await fixture.people.complete(returned)).user.linkedAccounts[0].displayName).toBe(name);
    const again = await fixture.people.visit('APPLE', { person });
    expect(again.user).toBeUndefined();
    expect((await fixture.people.complete(again)).user.linkedAccounts[0].displayName).toBe(name);
  });

  it('is not believed an unsigned address, nor a text that is none of its', async () => {
    const user = JSON.stringify({ name: { firstName: ' Eve\n' }, email: 'owner@example.com' });
    const person = newPerson();
    const returned = await fixture.people.visit('APPLE', { person });
    const payload = await fixture.people.complete({ ...returned, user });
    expect(payload.user).toMatchObject({
      email: person.email,
      linkedAccounts: [{ displayName: 'Eve', email: person.email }],
    });
    const other = await fixture.people.visit('APPLE', { person: newPerson() });
    expect(codesOf(await fixture.people.complete({ ...other, user: '{{{' }))).toEqual([]);
  });

  it('may hide an address behind a relay', async () => {
    const payload = await fixture.people.login('APPLE', { person: newPerson(), email: 'hide' });
    const email = expect.stringMatching(/@privaterelay\.appleid\.com$/);
    expect(payload.user).toMatchObject({ email, linkedAccounts: [{ email, isPrivateEmail: true }] });
  });
});

describe('an account with the same e-mail address', () => {
  const join = async () => {
    const email = newEmail();
    const otp = await fixture.steps.receiveOtp(email, { purpose: 'REGISTRATION' });
    const { user } = await fixture.steps.register(otp);
    return { email, userId: user.id as string };
  };

  it.each(['GOOGLE', 'APPLE'] as const)('is taken when both sides have verified it: %s', async (provider) => {
    const { email, userId } = await join();
    const payload = await fixture.people.login(provider, { person: newPerson({ email }) });
    expect(payload).toMatchObject({ user: { id: userId, linkedAccounts: [{ provider, email }] } });
    expect(
      await count('audit_entry', `subject_id = $1 and action = 'LOGIN_LINKED' and outcome = 'SUCCESS'`, [
        userId,
      ]),
    ).toBe(1);
  });

  it.each<[string, Provider, object, string]>([
    ['the provider has not', 'GOOGLE', { email_verified: false }, ''],
    ['the provider has not', 'APPLE', { email_verified: false }, ''],
    ['the provider does not say', 'FACEBOOK', {}, ''],
    ['we have not', 'GOOGLE', {}, 'update user_account set email_verified_at = null where id = $1'],
  ])('is not taken where %s verified it: %s', async (_who, provider, more, sql) => {
    const { email, userId } = await join();
    if (sql) await fixture.pool.query(sql, [userId]);
    const payload = await fixture.people.login(provider, { person: newPerson({ email, ...more }) });
    expect([payload.accessToken, codesOf(payload)]).toEqual([null, ['SOCIAL_ACCOUNT_EXISTS']]);
    expect(await count('linked_account', 'user_id = $1', [userId])).toBe(0);
  });

  it('is not opened by its link when it is suspended, nor linked', async () => {
    const { email, userId } = await join();
    await fixture.pool.query(`update user_account set status = 'SUSPENDED' where id = $1`, [userId]);
    const payload = await fixture.people.login('GOOGLE', { person: newPerson({ email }) });
    expect(codesOf(payload)).toEqual(['ACCOUNT_SUSPENDED']);
    expect(await count('linked_account', 'user_id = $1', [userId])).toBe(0);
  });
});

it.each<[Provider, object]>([
  ['GOOGLE', { email_verified: false }],
  ['FACEBOOK', {}],
])('an address that %s does not vouch for is left for its owner', async (provider, more) => {
  const person = newPerson(more);
  const payload = await fixture.people.login(provider, { person });
  expect(payload.user).toMatchObject({ email: null, linkedAccounts: [{ email: person.email }] });
});

it.each([
  ['without an address', { person: { first_name: 'Phone', last_name: 'Only' } }],
  ['whose address is not shared', { person: newPerson(), email: 'refuse' }],
])('somebody %s gets in', async (_who, how) => {
  const payload = await fixture.people.login('FACEBOOK', how);
  expect(payload.user).toMatchObject({ email: null, linkedAccounts: [{ email: null }] });
});

describe('what began a login', () => {
  it('may come back to the addresses of its app only', async () => {
    const codeOf = async (more: object) => codesOf(await fixture.people.start('GOOGLE', more));
    for (const uri of [
      'http://localhost:3000/login/',
      'http://localhost:3000/login?x=1',
      'http://localhost:3000.evil.example/login',
      'http://localhost:99/anywhere/else',
      'http://localhost:99@evil.example/anywhere',
      'https://evil.example/login',
      'javascript:alert(1)',
    ])
      expect(await codeOf({ redirectUri: uri })).toEqual(['RETURN_URL_NOT_ALLOWED']);
    expect(await codeOf({ clientApp: 'PARTNER' })).toEqual(['RETURN_URL_NOT_ALLOWED']);
    expect(await codeOf({ redirectUri: 'http://localhost:51234/anywhere' })).toEqual([]);
  });

  it('needs a challenge where other apps could take the answer, and completes with its secret only', async () => {
    const app = { clientApp: 'MOBILE', redirectUri: 'example.suvidha:/login' };
    expect(codesOf(await fixture.people.start('GOOGLE', app))).toEqual(['INVALID_INPUT']);
    const codeVerifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const visit = () => fixture.people.visit('GOOGLE', { person: newPerson() }, { ...app, codeChallenge });
    const stolen = await visit();
    expect(codesOf(await fixture.people.complete(stolen))).toEqual(['SOCIAL_LOGIN_INVALID']);
    const guessed = await visit();
    expect(codesOf(await fixture.people.complete({ ...guessed, codeVerifier: 'guess' }))).toEqual([
      'SOCIAL_LOGIN_INVALID',
    ]);
    expect(codesOf(await fixture.people.complete({ ...(await visit()), codeVerifier }))).toEqual([]);
  });

  it('is over after ten minutes', async () => {
    const returned = await fixture.people.visit('GOOGLE', { person: newPerson() });
    fixture.clock.advance(10 * 60_000);
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_INVALID']);
  });

  it('cannot be made up', async () => {
    const returned = await fixture.people.visit('GOOGLE', { person: newPerson() });
    for (const state of ['', 'x', `${returned.state}x`, 'zero\u0000byte'])
      expect(codesOf(await fixture.people.complete({ ...returned, state }))).toEqual([
        'SOCIAL_LOGIN_INVALID',
      ]);
    expect(codesOf(await fixture.people.complete(returned))).toEqual([]);
  });

  it('is answered by its own provider only', async () => {
    const { authorizationUrl } = await fixture.people.start('GOOGLE');
    const answer = await fixture.people.decide(authorizationUrl, { person: newPerson() });
    const elsewhere = answer.url.replace('/social/google/', '/social/facebook/');
    await expect(fixture.people.follow({ ...answer, url: elsewhere })).rejects.toThrow('answered 400');
    const returned = await fixture.people.follow(answer);
    const mixedUp = await fixture.people.complete({ ...returned, iss: 'https://attacker.example' });
    expect(codesOf(mixedUp)).toEqual(['SOCIAL_LOGIN_FAILED']);
  });

  it('brings back what it knows and nothing else', async () => {
    const { state } = await fixture.people.start('APPLE');
    const returned = await fixture.people.follow({
      method: 'POST',
      url: `${fixture.callbackBase}/social/apple/callback?code=not-this`,
      fields: { state, code: 'c', user: '{"name":{}}', id_token: 'secret', redirect: 'https://evil.example' },
    });
    expect(returned).toEqual({ state, code: 'c', user: '{"name":{}}' });
  });

  it('keeps no secret that could be used, and logs none', async () => {
    const { authorizationUrl, state } = await fixture.people.start('GOOGLE');
    const nonce = new URL(authorizationUrl).searchParams.get('nonce');
    const { rows } = await fixture.pool.query('select * from social_login order by created_at desc limit 1');
    const stored = JSON.stringify(rows[0]);
    expect(stored).not.toContain(state);
    expect(stored).not.toContain(nonce);
    const returned = await fixture.people.consent(authorizationUrl, { person: newPerson() });
    await fixture.people.strike('google', 'sign-id-token', 'wrong-nonce');
    await fixture.people.complete(returned);
    expect(fixture.logged()).toContain('OAUTH_JWT_CLAIM_COMPARISON_FAILED');
    for (const secret of [state, nonce, returned.code, 'sandbox_google_secret'])
      expect(fixture.logged()).not.toContain(secret);
  });

  it('leaves nothing behind when the process dies while the provider is asked', async () => {
    const person = newPerson();
    const returned = await fixture.people.visit('GOOGLE', { person });
    await control(fixture.sandbox, 'POST', '/hold', { point: 'google.exchange-code.after' });
    const dying = fixture.people.complete(returned);
    await control(fixture.sandbox, 'GET', '/hold/google.exchange-code.after/wait');
    // Another process on the same database finds what the first one left.
    const app = await createIdentityApp({ ...testDependencies(fixture.config), now: fixture.clock.now });
    const execute = createExecute(app);
    const { data } = await execute(
      `mutation ($input: CompleteSocialLoginInput!) {
        completeSocialLogin(input: $input) { accessToken userErrors { code } } }`,
      { input: returned },
    );
    expect(codesOf(data.completeSocialLogin)).toEqual(['SOCIAL_LOGIN_INVALID']);
    expect(await count('user_account', 'email = $1', [person.email])).toBe(0);
    await control(fixture.sandbox, 'DELETE', '/hold');
    expect(codesOf(await dying)).toEqual([]);
    await app.stop();
  });

  it('lets only those into an app whom it is for', async () => {
    const person = newPerson();
    const payload = await fixture.people.login('GOOGLE', { person }, { clientApp: 'ADMIN' });
    expect([payload.accessToken, codesOf(payload)]).toEqual([null, ['INVALID_INPUT']]);
    expect(await count('user_account', 'email = $1', [person.email])).toBe(0);
  });
});

it('answers strangers at the callback with a page, and nobody is sent anywhere', async () => {
  const answers = await Promise.all(
    ['', '?state=x&code=y', '?error=access_denied', `?state=${'x'.repeat(10_000)}`].map((query) =>
      fetch(`${fixture.callbackBase}/social/google/callback${query}`, { redirect: 'manual' }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  expect(await answers[0]?.text()).toContain('This login is over');
});

it('asks a provider for what it needs and no more', async () => {
  const fieldsOf = async (provider: Provider): Promise<Json> =>
    Object.fromEntries(new URL((await fixture.people.start(provider)).authorizationUrl).searchParams);
  const secret = expect.stringMatching(/^[\w-]{43}$/);
  const common = {
    response_type: 'code',
    state: secret,
    code_challenge: secret,
    code_challenge_method: 'S256',
  };
  const callback = (name: string) => `${fixture.callbackBase}/social/${name}/callback`;
  expect(await fieldsOf('GOOGLE')).toEqual({
    ...common,
    client_id: '100000000000-sandbox.apps.googleusercontent.com',
    redirect_uri: callback('google'),
    scope: 'openid email profile',
    nonce: secret,
    prompt: 'select_account',
  });
  expect(await fieldsOf('APPLE')).toEqual({
    ...common,
    client_id: 'example.suvidha.web',
    redirect_uri: callback('apple'),
    scope: 'name email',
    nonce: secret,
    response_mode: 'form_post',
  });
  expect(await fieldsOf('FACEBOOK')).toEqual({
    ...common,
    client_id: '100000000000000',
    redirect_uri: callback('facebook'),
    scope: 'email,public_profile',
  });
  expect(redirectUri).toBe('http://localhost:3000/login');
});
