import { randomBytes } from 'node:crypto';
import { Role } from '@suvidha/auth';
import { testActor } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { receiveMessages } from './support/inbox.ts';
import { controlVendors, toVendorEnv } from './support/message-vendors.ts';
import { actorOf, codesOf, newPhoneNumber, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity({ env: toVendorEnv });
  steps = new Steps(fixture);
});
afterAll(() => fixture[Symbol.asyncDispose]());

const newToken = () => `app-${randomBytes(12).toString('hex')}`;
const staff = testActor({ roles: [Role.OPERATOR] });

const mutate = async (name: string, type: string, selection: string, input: object, actor?: Json) => {
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code field } } }`;
  const { data, errors } = await fixture.execute(query, { input }, actor);
  return errors ? { errors } : data[name];
};
const registerDevice = (pushToken: string, actor?: Json) =>
  mutate(
    'registerDevice',
    'RegisterDeviceInput',
    'device { id platform registeredAt }',
    { platform: 'ANDROID', pushToken },
    actor,
  );
const unregisterDevice = (pushToken: string, actor: Json) =>
  mutate('unregisterDevice', 'UnregisterDeviceInput', '', { pushToken }, actor);
const preferences = 'language orders payments quietHours { start end } timeZone';
const updatePreferences = (input: object, actor?: Json) =>
  mutate(
    'updateNotificationPreferences',
    'UpdateNotificationPreferencesInput',
    `preferences { ${preferences} }`,
    input,
    actor,
  );

async function devicesOf(userId: string): Promise<string[]> {
  const { rows } = await fixture.pool.query('select push_token from device where user_id = $1', [userId]);
  return rows.map(({ push_token: token }) => token);
}

const deliveries = `query ($filter: NotificationDeliveryFilterInput, $first: Int, $after: String) {
  notificationDeliveries(filter: $filter, first: $first, after: $after) {
    edges { node { id cause channel template locale maskedDestination status reason vendor vendorMessageId attempts
      createdAt finishedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;

async function listDeliveries(filter: object, page: object = {}): Promise<Json[]> {
  const { data, errors } = await fixture.execute(deliveries, { filter, ...page }, staff);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.notificationDeliveries.edges.map(({ node }: Json) => node);
}

describe('a code', () => {
  it('comes in the language that was asked for', async () => {
    const phoneNumber = newPhoneNumber();
    await steps.do('requestOtp', { phoneNumber, purpose: 'LOGIN', language: 'HI' });
    const [{ text }] = await receiveMessages(fixture, phoneNumber);
    expect(text).toMatch(/^\d{6} आपका सुविधा लॉगिन कोड है। यह 10 मिनट तक मान्य है।/);
  });

  it('comes by the second vendor when the first is down', async () => {
    const phoneNumber = newPhoneNumber();
    const scenario = { party: 'twilio', call: 'send-message', fault: 'rate-limited' };
    await controlVendors(fixture.sandbox.url, 'POST', '/scenario', scenario);
    await steps.receiveOtp(phoneNumber);
    await vi.waitFor(async () =>
      expect(await listDeliveries({ destination: phoneNumber })).toMatchObject([
        { status: 'SENT', vendor: 'MSG91', attempts: 2 },
      ]),
    );
  });
});

describe('registerDevice', () => {
  it('registers an app once, however often and at once it asks', async () => {
    const { user, ...session } = await steps.join();
    const token = newToken();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => registerDevice(token, actorOf(session as Json))),
    );
    for (const { device, userErrors } of answers)
      expect({ device, userErrors }).toEqual({
        device: {
          id: answers[0].device.id,
          platform: 'ANDROID',
          registeredAt: fixture.clock.now().toISOString(),
        },
        userErrors: [],
      });
    expect(await devicesOf(user.id)).toEqual([token]);
  });

  it('gives an app to whoever logged in to it last', async () => {
    const [first, second] = [await steps.join(), await steps.join()];
    const token = newToken();
    await registerDevice(token, actorOf(first));
    await registerDevice(token, actorOf(second));
    expect([await devicesOf(first.user.id), await devicesOf(second.user.id)]).toEqual([[], [token]]);
    await unregisterDevice(token, actorOf(first));
    expect(await devicesOf(second.user.id)).toEqual([token]);
    expect(codesOf(await unregisterDevice(token, actorOf(second)))).toEqual([]);
    expect(await devicesOf(second.user.id)).toEqual([]);
  });

  it('keeps the newest twenty apps of a person', async () => {
    const session = await steps.join();
    const tokens = Array.from({ length: 22 }, newToken);
    for (const token of tokens) {
      fixture.clock.advance(1);
      await registerDevice(token, actorOf(session));
    }
    expect((await devicesOf(session.user.id)).sort()).toEqual(tokens.slice(2).sort());
  });

  it.each(['', 'short', 'with space in it', 'x'.repeat(2000), 'zero\u0000byte-token'])(
    'refuses the token %.12j',
    async (token) => {
      const { device, userErrors } = await registerDevice(token, actorOf(await steps.join()));
      expect({ device, userErrors }).toEqual({
        device: null,
        userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'pushToken'] }],
      });
    },
  );

  it('is for who is logged in', async () => {
    expect(await registerDevice(newToken())).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
});

describe('a notice about an account', () => {
  it('reaches phone and apps in the language of the owner, and forgets apps that are gone', async () => {
    const session = await steps.join();
    const actor = actorOf(session);
    const [token, gone] = [newToken(), `unregistered-${newToken()}`];
    await registerDevice(token, actor);
    await registerDevice(gone, actor);
    await updatePreferences({ language: 'HI', orders: [], payments: [] }, actor);
    expect(
      codesOf(await steps.do('changePassword', { newPassword: 'monsoon-lantern-43' }, { actor })),
    ).toEqual([]);

    const [push] = await receiveMessages(fixture, token);
    expect(push).toMatchObject({ channel: 'PUSH', subject: 'सुविधा: आपके खाते के बारे में' });
    const [sms] = await receiveMessages(fixture, session.user.phoneNumber, 2);
    expect(sms.text).toBe('सुविधा: आपका पासवर्ड बदला गया। अगर यह आपने नहीं किया, तो हमें तुरंत बताएँ।');
    await vi.waitFor(async () => expect(await devicesOf(session.user.id)).toEqual([token]));
    expect(await listDeliveries({ userId: session.user.id, status: 'FAILED' })).toMatchObject([
      { channel: 'PUSH', template: 'account-notice', reason: 'FCM_UNREGISTERED' },
    ]);
  });
});

describe('updateNotificationPreferences', () => {
  const nothingSaid = {
    language: 'EN',
    orders: ['SMS', 'EMAIL', 'PUSH'],
    payments: ['EMAIL', 'PUSH'],
    quietHours: null,
    timeZone: 'Asia/Kolkata',
  };
  const me = async (actor: Json) =>
    (await fixture.execute(`{ me { notificationPreferences { ${preferences} } } }`, {}, actor)).data.me
      .notificationPreferences;

  it('changes what is given and leaves the rest', async () => {
    const actor = actorOf(await steps.join());
    expect(await me(actor)).toEqual(nothingSaid);
    const quietHours = { start: '22:30', end: '07:00' };
    const first = await updatePreferences({ orders: ['PUSH', 'PUSH'], quietHours }, actor);
    expect(first).toEqual({ preferences: { ...nothingSaid, orders: ['PUSH'], quietHours }, userErrors: [] });
    await updatePreferences({ language: 'HI', payments: [], timeZone: 'africa/lagos' }, actor);
    const changed = { language: 'HI', orders: ['PUSH'], payments: [], quietHours, timeZone: 'Africa/Lagos' };
    expect(await me(actor)).toEqual(changed);
    await updatePreferences({ quietHours: null }, actor);
    expect(await me(actor)).toEqual({ ...changed, quietHours: null });
  });

  it.each([
    [{ quietHours: { start: '24:00', end: '07:00' } }, ['input', 'quietHours', 'start']],
    [{ quietHours: { start: '22:00', end: '7:00' } }, ['input', 'quietHours', 'end']],
    [{ quietHours: { start: '22:00', end: '22:00' } }, ['input', 'quietHours', 'end']],
    [{ timeZone: 'Nowhere/Else' }, ['input', 'timeZone']],
    [{ timeZone: 'zero\u0000byte' }, ['input', 'timeZone']],
  ])('refuses %j', async (input, field) => {
    const { preferences: changed, userErrors } = await updatePreferences(input, actorOf(await steps.join()));
    expect({ changed, userErrors }).toEqual({
      changed: null,
      userErrors: [{ code: 'INVALID_INPUT', field }],
    });
  });

  it('is for who is logged in', async () => {
    expect(await updatePreferences({ language: 'HI' })).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
});

describe('notificationDeliveries', () => {
  it('shows staff what was sent, masked, newest first and page by page', async () => {
    const phoneNumber = newPhoneNumber();
    for (let count = 1; count <= 3; count += 1) {
      await steps.receiveOtp(phoneNumber, { earlier: count - 1 });
      fixture.clock.advance(30_000);
    }
    const filter = { destination: phoneNumber, channel: 'SMS', template: 'otp-login' };
    await vi.waitFor(async () => expect(await listDeliveries({ ...filter, status: 'SENT' })).toHaveLength(3));
    const all = await listDeliveries(filter);
    expect(all[0]).toEqual({
      id: expect.any(String),
      cause: expect.stringMatching(/^otp:[\w-]{36}$/),
      channel: 'SMS',
      template: 'otp-login',
      locale: 'en',
      maskedDestination: `+91*****${phoneNumber.slice(-4)}`,
      status: 'SENT',
      reason: null,
      vendor: 'TWILIO',
      vendorMessageId: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      attempts: 1,
      createdAt: expect.any(String),
      finishedAt: expect.any(String),
    });
    const { data } = await fixture.execute(deliveries, { filter, first: 2 }, staff);
    const { endCursor, hasNextPage } = data.notificationDeliveries.pageInfo;
    expect(hasNextPage).toBe(true);
    const rest = await listDeliveries(filter, { first: 2, after: endCursor });
    expect(rest).toEqual(all.slice(2));
  });

  it.each([{ userId: 'not-a-uuid' }, { destination: 'nowhere' }, { template: 'zero\u0000byte' }])(
    'finds nothing for %j',
    async (filter) => {
      expect(await listDeliveries(filter)).toEqual([]);
    },
  );

  it('is for staff', async () => {
    const { errors } = await fixture.execute(deliveries, {}, actorOf(await steps.join()));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('replayNotification', () => {
  const replay = (deliveryId: string, actor: Json = staff) =>
    mutate('replayNotification', 'ReplayNotificationInput', 'delivery { id status }', { deliveryId }, actor);

  it('tries a dead message again', async () => {
    const session = await steps.join();
    const dead = await makeDead(session);
    expect(await replay(dead)).toEqual({ delivery: { id: dead, status: 'QUEUED' }, userErrors: [] });
    const [notice] = await receiveMessages(fixture, session.user.phoneNumber, 2);
    expect(notice.text).toMatch(/your password was changed/);
    const { rows } = await fixture.pool.query(
      `select actor_id, subject_id, details from audit_entry where action = 'NOTIFICATION_REPLAYED'`,
    );
    const act = { actor_id: staff.userId, subject_id: session.user.id, details: { deliveryId: dead } };
    expect(rows).toEqual([act]);
  });

  it.each(['019a0000-0000-7000-8000-00000000ffff', 'not-a-uuid'])('knows no %j', async (id) => {
    expect(await replay(id)).toMatchObject({
      delivery: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'deliveryId'] }],
    });
  });

  it('is for staff', async () => {
    const answer = await replay('019a0000-0000-7000-8000-00000000ffff', actorOf(await steps.join()));
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });
});

/** A notice that no vendor could send for two days. */
async function makeDead(session: Json): Promise<string> {
  for (const [party, call] of [
    ['twilio', 'send-message'],
    ['msg91', 'send-flow'],
  ])
    await controlVendors(fixture.sandbox.url, 'POST', '/scenario', { party, call, fault: 'rate-limited' });
  await steps.do('changePassword', { newPassword: 'monsoon-lantern-43' }, { actor: actorOf(session) });
  const filter = { userId: session.user.id, channel: 'SMS' };
  const untilIt = (is: object) =>
    vi.waitFor(async () => expect((await listDeliveries(filter))[0]).toMatchObject(is), {
      timeout: 20_000,
      interval: 10,
    });
  await untilIt({ status: 'QUEUED', attempts: 2 });
  fixture.clock.advance(48 * 3_600_000);
  await fixture.pool.query(
    'select graphile_worker.reschedule_jobs(array(select id from graphile_worker._private_jobs), now())',
  );
  await untilIt({ status: 'DEAD', reason: 'MSG91_429' });
  return (await listDeliveries(filter))[0].id;
}
