import { testDependencies } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentityApp } from '../src/index.ts';
import { createExecute, type IdentityFixture, startIdentity } from './support/identity.fixture.ts';
import { codesOf, goodPassword, newEmail, newPhoneNumber, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity({ env: { MESSAGES_PER_ADDRESS: '5', ATTEMPTS_PER_ADDRESS: '5' } });
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

let lastAddress = 0;

function newClient() {
  lastAddress += 1;
  return { client: { address: `203.0.113.${lastAddress}` } };
}

const ask = (people: Steps, from: object) =>
  people.do('requestOtp', { phoneNumber: newPhoneNumber(), purpose: 'LOGIN' }, from);

describe('one IP address', () => {
  it('may have so many messages sent within an hour, to however many destinations', async () => {
    const from = newClient();
    for (let sent = 0; sent < 5; sent += 1) expect(codesOf(await ask(steps, from))).toEqual([]);
    expect(codesOf(await ask(steps, from))).toEqual(['RATE_LIMITED']);
    expect(codesOf(await steps.do('requestPasswordReset', { email: newEmail() }, from))).toEqual([
      'RATE_LIMITED',
    ]);
    expect(codesOf(await ask(steps, newClient()))).toEqual([]);
    fixture.clock.advance(3_600_000);
    expect(codesOf(await ask(steps, from))).toEqual([]);
  });

  it('is counted by all instances together, and none is let through by coming at once', async () => {
    await using other = await startSecondInstance();
    const from = newClient();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask(index % 2 ? steps : other.steps, from)),
    );
    expect(answers.flatMap(codesOf)).toEqual(Array(15).fill('RATE_LIMITED'));
  });

  it('may present so many proofs within an hour, whosever they are', async () => {
    const from = newClient();
    const attempt = () => steps.loginWithPassword({ name: newEmail(), password: 'a guess' }, from);
    for (let tried = 0; tried < 5; tried += 1)
      expect(codesOf(await attempt())).toEqual(['CREDENTIALS_INCORRECT']);
    expect(codesOf(await attempt())).toEqual(['RATE_LIMITED']);
    const { challenge } = await ask(steps, newClient());
    const login = { challengeId: challenge.id, code: '000000' };
    expect(codesOf(await steps.do('loginWithOtp', login, from))).toEqual(['RATE_LIMITED']);
    expect(codesOf(await steps.do('verifyEmail', { token: 'a guess' }, from))).toEqual(['RATE_LIMITED']);
  });

  it('may have so many passwords judged, which takes a while each, and no mail is counted for one refused', async () => {
    const from = newClient();
    const email = newEmail();
    const register = (password: string) => steps.do('registerWithPassword', { email, password }, from);
    for (let tried = 0; tried < 4; tried += 1)
      expect(codesOf(await register('password'))).toEqual(['PASSWORD_NOT_ALLOWED']);
    expect(codesOf(await register(goodPassword))).toEqual([]);
    expect(codesOf(await register('password'))).toEqual(['RATE_LIMITED']);
  });

  it('is kept as a keyed hash', async () => {
    await ask(steps, newClient());
    const { rows } = await fixture.pool.query('select key from rate_counter');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('203.0.113');
  });
});

async function startSecondInstance() {
  const app = await createIdentityApp({ ...testDependencies(fixture.config), now: fixture.clock.now });
  return {
    steps: new Steps({ ...fixture, execute: createExecute(app) }),
    [Symbol.asyncDispose]: () => app.stop(),
  };
}
