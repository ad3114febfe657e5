import { anonymous } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { testActor } from '@suvidha/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, startIdentity } from './support/identity.fixture.ts';
import { actorOf, codesOf, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

const refused = ['REFRESH_TOKEN_INVALID'];
const graceMs = 10_000;
const refreshLifetimeMs = 7 * 24 * 3_600_000;

describe('refreshSession', () => {
  it('exchanges a token for new ones of the same session', async () => {
    const first = await steps.join({ clientApp: 'MOBILE' });
    fixture.clock.advance(60_000);
    const second = await steps.refresh(first.refreshToken);
    expect(second).toMatchObject({ user: first.user, userErrors: [] });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const { sid, aud } = decodeJwt(first.accessToken);
    expect(decodeJwt(second.accessToken)).toMatchObject({ sid, aud, sub: first.user.id });
    expect(Date.parse(second.accessTokenExpiresAt) - Date.parse(first.accessTokenExpiresAt)).toBe(60_000);
    expect(codesOf(await steps.refresh(second.refreshToken))).toEqual([]);
  });

  it('ends the whole session when an exchanged token comes again', async () => {
    const first = await steps.join();
    const second = await steps.refresh(first.refreshToken);
    fixture.clock.advance(graceMs);
    expect(codesOf(await steps.refresh(first.refreshToken))).toEqual(refused);
    expect(codesOf(await steps.refresh(second.refreshToken))).toEqual(refused);
  });

  it('leaves other sessions alone when it does', async () => {
    const [stolen, other] = [await steps.join(), await steps.join()];
    await steps.refresh(stolen.refreshToken);
    fixture.clock.advance(graceMs);
    await steps.refresh(stolen.refreshToken);
    expect(codesOf(await steps.refresh(other.refreshToken))).toEqual([]);
  });

  it('lets tabs that ask at the same time all go on, in one session', async () => {
    const { refreshToken, accessToken } = await steps.join();
    const answers = await Promise.all(Array.from({ length: 20 }, () => steps.refresh(refreshToken)));
    expect(answers.flatMap(codesOf)).toEqual([]);
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(20);
    const sessions = answers.map((answer) => decodeJwt(answer.accessToken).sid);
    expect(new Set(sessions)).toEqual(new Set([decodeJwt(accessToken).sid]));
  });

  it('leaves the tokens of the first tab good when the second one asks a moment later', async () => {
    const { refreshToken } = await steps.join();
    const winner = await steps.refresh(refreshToken);
    fixture.clock.advance(graceMs - 1);
    const late = await steps.refresh(refreshToken);
    for (const tab of [winner, late]) expect(codesOf(await steps.refresh(tab.refreshToken))).toEqual([]);
  });

  it('ends what both tabs have when the token comes after the grace', async () => {
    const { refreshToken } = await steps.join();
    const tabs = await Promise.all([steps.refresh(refreshToken), steps.refresh(refreshToken)]);
    fixture.clock.advance(graceMs);
    expect(codesOf(await steps.refresh(refreshToken))).toEqual(refused);
    for (const tab of tabs) expect(codesOf(await steps.refresh(tab.refreshToken))).toEqual(refused);
  });

  it('gives no grace to a token of a session that was ended', async () => {
    const session = await steps.join();
    await steps.refresh(session.refreshToken);
    await steps.logout(actorOf(session));
    expect(codesOf(await steps.refresh(session.refreshToken))).toEqual(refused);
  });

  it('takes a token for seven days', async () => {
    const first = await steps.join();
    fixture.clock.advance(refreshLifetimeMs - 1);
    const second = await steps.refresh(first.refreshToken);
    expect(codesOf(second)).toEqual([]);
    fixture.clock.advance(refreshLifetimeMs);
    const payload = await steps.refresh(second.refreshToken);
    expect([payload.accessToken, payload.user, codesOf(payload)]).toEqual([null, null, refused]);
  });

  it.each(['', 'unknown', 'zero\u0000byte'])('refuses the token %j', async (token) => {
    const { userErrors } = await steps.refresh(token);
    expect(userErrors).toMatchObject([{ code: refused[0], field: ['input', 'refreshToken'] }]);
  });

  it('takes no access token', async () => {
    const { accessToken, refreshToken } = await steps.join();
    expect(codesOf(await steps.refresh(accessToken))).toEqual(refused);
    expect(codesOf(await steps.refresh(refreshToken))).toEqual([]);
  });

  it('keeps no token in the database', async () => {
    const { refreshToken } = await steps.join();
    const { rows } = await fixture.pool.query('select * from refresh_token');
    expect(rows).not.toEqual([]);
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
  });
});

describe('logout', () => {
  it('ends the session; ending it twice is no error', async () => {
    const session = await steps.join();
    for (const _time of ['first', 'second'])
      expect(await steps.logout(actorOf(session))).toEqual({ data: { logout: { userErrors: [] } } });
    expect(codesOf(await steps.refresh(session.refreshToken))).toEqual(refused);
  });

  it('ends no session of somebody else', async () => {
    const session = await steps.join();
    const { sessionId } = actorOf(session);
    await steps.logout({ ...testActor({ userId: uuidv7() }), sessionId });
    expect(codesOf(await steps.refresh(session.refreshToken))).toEqual([]);
  });

  it('is for who is logged in', async () => {
    const { data, errors } = await fixture.execute(
      'mutation { logout { userErrors { code } } }',
      {},
      anonymous,
    );
    expect(data).toEqual({ logout: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
