import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Json } from './support/identity.fixture.ts';
import { receiveMessages } from './support/inbox.ts';
import { newPerson, type Provider, type SocialFixture, startSocial } from './support/social.fixture.ts';
import { actorOf, codesOf, newEmail } from './support/steps.ts';

let fixture: SocialFixture;

beforeAll(async () => {
  fixture = await startSocial();
});

afterAll(() => fixture[Symbol.asyncDispose]());

/** Links another account at a provider to somebody who is logged in; answers the payload. */
async function link(session: Json, provider: Provider, how: object): Promise<Json> {
  const actor = actorOf(session);
  const returned = await fixture.people.visit(provider, how, { intent: 'LINK' }, actor);
  return fixture.people.link(returned, actor);
}

const linkedOf = async (session: Json): Promise<Json[]> => {
  const { data } = await fixture.execute(
    '{ me { linkedAccounts { id provider email } } }',
    {},
    actorOf(session),
  );
  return data.me.linkedAccounts;
};

it('is linked by who is logged in, whatever its address, and logs them in from then on', async () => {
  const session = await fixture.steps.join();
  const person = newPerson({ email_verified: false });
  const linked = await link(session, 'FACEBOOK', { person });
  expect(linked).toMatchObject({
    linkedAccount: { provider: 'FACEBOOK', email: person.email },
    userErrors: [],
  });
  expect(codesOf(await link(session, 'FACEBOOK', { person }))).toEqual([]);
  expect(await linkedOf(session)).toEqual([
    { id: linked.linkedAccount.id, provider: 'FACEBOOK', email: person.email },
  ]);
  const { user } = await fixture.people.login('FACEBOOK', { person });
  expect(user.id).toBe(session.user.id);
  const messages = await receiveMessages(fixture, session.user.phoneNumber, 2);
  expect(messages.filter(({ text }) => /new way to log in was added/.test(text))).toHaveLength(1);
});

it('makes an account with the same address reachable that was refused before', async () => {
  const email = newEmail();
  const otp = await fixture.steps.receiveOtp(email, { purpose: 'REGISTRATION' });
  const session = await fixture.steps.register(otp);
  const person = newPerson({ email });
  expect(codesOf(await fixture.people.login('FACEBOOK', { person }))).toEqual(['SOCIAL_ACCOUNT_EXISTS']);
  expect(codesOf(await link(session, 'FACEBOOK', { person }))).toEqual([]);
  expect((await fixture.people.login('FACEBOOK', { person })).user.id).toBe(session.user.id);
});

it("is not linked when it is somebody else's", async () => {
  const person = newPerson();
  await fixture.people.login('GOOGLE', { person });
  const session = await fixture.steps.join();
  expect(codesOf(await link(session, 'GOOGLE', { person }))).toEqual(['SOCIAL_ALREADY_LINKED']);
  expect(await linkedOf(session)).toEqual([]);
});

it('is completed by who began to link it, and not as a login', async () => {
  const [mine, theirs] = [await fixture.steps.join(), await fixture.steps.join()];
  const person = newPerson();
  const wish = { intent: 'LINK' };
  const returned = await fixture.people.visit('GOOGLE', { person }, wish, actorOf(mine));
  expect(codesOf(await fixture.people.link(returned, actorOf(theirs)))).toEqual(['SOCIAL_LOGIN_INVALID']);
  expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_INVALID']);
  const login = await fixture.people.visit('GOOGLE', { person });
  expect(codesOf(await fixture.people.link(login, actorOf(mine)))).toEqual(['SOCIAL_LOGIN_INVALID']);
  expect(codesOf(await fixture.people.link(returned, actorOf(mine)))).toEqual([]);
});

it('is not linked to who was logged out while they were at the provider', async () => {
  const session = await fixture.steps.join();
  const actor = actorOf(session);
  const returned = await fixture.people.visit('GOOGLE', { person: newPerson() }, { intent: 'LINK' }, actor);
  await fixture.steps.logout(actor);
  expect(codesOf(await fixture.people.link(returned, actor))).toEqual(['NOT_FOUND']);
  const { rows } = await fixture.pool.query('select from linked_account where user_id = $1', [actor.userId]);
  expect(rows).toEqual([]);
});

it('is linked and taken away only by who is logged in, and proved it a short while ago', async () => {
  const start = fixture.people.start('GOOGLE', { intent: 'LINK' });
  await expect(start).rejects.toThrow('UNAUTHENTICATED');
  const { data, errors } = await fixture.execute(
    'mutation { unlinkSocialAccount(input: { id: "x" }) { userErrors { code } } }',
  );
  expect([data.unlinkSocialAccount, errors[0].extensions.code]).toEqual([null, 'UNAUTHENTICATED']);

  const session = await fixture.steps.join();
  const { linkedAccount } = await link(session, 'GOOGLE', { person: newPerson() });
  fixture.clock.advance(11 * 60_000);
  const again = await fixture.people.start('GOOGLE', { intent: 'LINK' }, actorOf(session));
  expect(codesOf(again)).toEqual(['STEP_UP_REQUIRED']);
  expect(codesOf(await fixture.people.unlink(linkedAccount.id, actorOf(session)))).toEqual([
    'STEP_UP_REQUIRED',
  ]);
});

it('is taken away while another way in is left', async () => {
  const session = await fixture.people.login('FACEBOOK', { person: newPerson() });
  const actor = actorOf(session);
  const [facebook] = session.user.linkedAccounts;
  expect(codesOf(await fixture.people.unlink(facebook.id, actor))).toEqual(['LAST_WAY_IN']);
  const { linkedAccount: google } = await link(session, 'GOOGLE', { person: newPerson() });
  expect(codesOf(await fixture.people.unlink(facebook.id, actor))).toEqual([]);
  expect(codesOf(await fixture.people.unlink(facebook.id, actor))).toEqual(['NOT_FOUND']);
  expect(codesOf(await fixture.people.unlink(google.id, actor))).toEqual(['LAST_WAY_IN']);
  expect(await linkedOf(session)).toMatchObject([{ id: google.id }]);
  const { rows } = await fixture.pool.query(
    `select action from audit_entry where subject_id = $1 order by sequence`,
    [session.user.id],
  );
  expect(rows.map(({ action }) => action)).toEqual(['REGISTRATION', 'LOGIN_LINKED', 'LOGIN_UNLINKED']);
});

it('is not the last way in where an address or a number is proven, but a relay is none', async () => {
  const verified = await fixture.people.login('GOOGLE', { person: newPerson() });
  const [google] = verified.user.linkedAccounts;
  expect(codesOf(await fixture.people.unlink(google.id, actorOf(verified)))).toEqual([]);

  const hidden = await fixture.people.login('APPLE', { person: newPerson(), email: 'hide' });
  const [apple] = hidden.user.linkedAccounts;
  expect(codesOf(await fixture.people.unlink(apple.id, actorOf(hidden)))).toEqual(['LAST_WAY_IN']);
});

it('leaves one of two that are taken away at the same moment', async () => {
  const session = await fixture.people.login('FACEBOOK', { person: newPerson() });
  await link(session, 'FACEBOOK', { person: newPerson() });
  const both = await linkedOf(session);
  const answers = await Promise.all(both.map(({ id }) => fixture.people.unlink(id, actorOf(session))));
  expect(answers.flatMap(codesOf)).toEqual(['LAST_WAY_IN']);
  expect(await linkedOf(session)).toHaveLength(1);
});

it("of somebody else is as good as none, and nobody else's are shown", async () => {
  const theirs = await fixture.people.login('GOOGLE', { person: newPerson() });
  const mine = await fixture.steps.join();
  const [{ id }] = theirs.user.linkedAccounts;
  for (const other of [id, 'not-a-uuid', mine.user.id])
    expect(codesOf(await fixture.people.unlink(other, actorOf(mine)))).toEqual(['NOT_FOUND']);
  expect(await linkedOf(theirs)).toHaveLength(1);
});

describe('what Apple wants back', () => {
  const deleteQuery = 'mutation { deleteMyAccount(input: { isFinal: true }) { userErrors { code } } }';

  const untilForgotten = (person: object) =>
    // Who has let go of an app is new to it, and is named again.
    vi.waitFor(
      async () => {
        const { user } = await fixture.people.visit('APPLE', { person });
        if (!user) throw new Error('Apple still knows the person');
      },
      { timeout: 30_000, interval: 100 },
    );

  it('is given back when the link is taken away, again until Apple has it', async () => {
    const person = newPerson();
    const session = await fixture.people.login('APPLE', { person });
    const [{ id }] = session.user.linkedAccounts;
    const { rows } = await fixture.pool.query(
      'select sealed_token from social_grant where linked_account_id = $1',
      [id],
    );
    expect(rows).toEqual([{ sealed_token: expect.any(String) }]);
    await fixture.people.strike('apple', 'revoke-token', '500');
    expect(codesOf(await fixture.people.unlink(id, actorOf(session)))).toEqual([]);
    await untilForgotten(person);
  });

  it('is given back when the account is closed', async () => {
    const person = newPerson();
    const session = await fixture.people.login('APPLE', { person });
    const { data } = await fixture.execute(deleteQuery, {}, actorOf(session));
    expect(codesOf(data.deleteMyAccount)).toEqual([]);
    await untilForgotten(person);
  });
});
