import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NotifierFixture, newPhoneNumber, orderTo, otpTo, startNotifier } from './notifier.fixture.ts';

let fixture: NotifierFixture;

beforeAll(async () => {
  fixture = await startNotifier();
});
beforeEach(async () => {
  await fixture.sandbox.control('POST', '/reset');
  fixture.now = new Date();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const userId = '019a0000-0000-7000-8000-0000000000aa';
const hourMs = 3_600_000;

async function enqueue(...args: Parameters<NotifierFixture['enqueue']>): Promise<string> {
  const id = await fixture.enqueue(...args);
  if (id === null) throw new Error('this cause has had its message');
  return id;
}

describe('a queued message', () => {
  it('is there if and only if the transaction of its cause commits', async () => {
    const { db } = fixture.database;
    const lost = otpTo(newPhoneNumber());
    const attempt = db.$transaction(async (tx) => {
      await fixture.notifier.enqueue(tx, lost);
      throw new Error('the cause did not happen');
    });
    await expect(attempt).rejects.toThrow('did not happen');
    expect(await db.notificationDelivery.count({ where: { cause: lost.cause } })).toBe(0);
    const id = await enqueue(otpTo(newPhoneNumber()));
    expect(await fixture.jobs(id)).toHaveLength(1);
  });

  it('is one, however often and at once its cause comes', async () => {
    const order = orderTo(newPhoneNumber());
    const ids = await Promise.all(Array.from({ length: 20 }, () => fixture.enqueue(order)));
    const made = ids.filter((id) => id !== null);
    expect(made).toHaveLength(1);
    expect(await fixture.run(made[0]!)).toBeNull();
    expect(await fixture.enqueue(order)).toBeNull();
    expect(await fixture.run(made[0]!)).toBeNull();
    expect(await fixture.sandbox.inbox(order.to)).toHaveLength(1);
  });

  it('is another for another cause, text, channel or destination', async () => {
    const order = orderTo(newPhoneNumber());
    const different = [
      order,
      { ...order, cause: `${order.cause}-2` },
      { ...order, to: newPhoneNumber() },
      { ...order, channel: 'EMAIL' as const, to: 'asha@example.com' },
    ];
    const ids = await Promise.all(different.map((each) => fixture.enqueue(each)));
    expect(ids.filter((id) => id !== null)).toHaveLength(4);
  });

  it('shows neither its text nor its destination in the database, and keeps nothing once sent', async () => {
    const to = newPhoneNumber();
    const id = await enqueue(otpTo(to));
    const { rows } = await fixture.database.pool.query(
      'select payload::text from graphile_worker._private_jobs',
    );
    const stored = JSON.stringify([rows, await fixture.row(id)]);
    expect(stored).not.toContain('482913');
    expect(stored).not.toContain(to.slice(1));
    await fixture.run(id);
    expect(await fixture.row(id)).toMatchObject({
      status: 'SENT',
      sealed_content: null,
      masked_destination: `+91*****${to.slice(-4)}`,
      vendor: 'TWILIO',
      vendor_message_id: expect.stringMatching(/^SM/),
      attempts: 1,
      reason: null,
    });
  });

  it('is refused with the name of the variable that does not fit', async () => {
    const bad = otpTo(newPhoneNumber(), { variables: { code: 'letters', minutes: 10 } });
    await expect(fixture.enqueue(bad)).rejects.toMatchObject({
      code: 'INVALID_VARIABLES',
      message: 'otp-login lacks or refuses code',
    });
  });

  it('is sent once by two workers at once', async () => {
    const to = newPhoneNumber();
    const id = await enqueue(otpTo(to));
    await Promise.all([fixture.run(id), fixture.run(id)]);
    expect(await fixture.sandbox.inbox(to)).toHaveLength(1);
  });
});

describe('a vendor that does not send', () => {
  it.each(['rate-limited', '500'])('gives way to the next vendor after %s', async (fault) => {
    const to = newPhoneNumber();
    const id = await enqueue(otpTo(to));
    await fixture.sandbox.fault('twilio.send-message', fault);
    // After a 500 it is not known whether it was sent: that shows in the next run.
    for (let run = 0; run < 2; run += 1) await fixture.run(id);
    expect(await fixture.row(id)).toMatchObject({ status: 'SENT', vendor: 'MSG91', attempts: 2 });
    const [message, ...others] = await fixture.sandbox.inbox(to);
    expect(message.text).toBe(
      '482913 is your Suvidha code to log in. It is valid for 10 minutes. Share it with nobody.',
    );
    expect(others).toEqual([]);
  });

  it('delays a message that no other vendor can send', async () => {
    const id = await enqueue(otpTo('late@example.com', { channel: 'EMAIL' }));
    await fixture.sandbox.fault('smtp.deliver-mail', 'refused', { times: 3 });
    for (let run = 0; run < 3; run += 1)
      expect(await fixture.run(id)).toMatchObject({ name: 'NotSentYetError' });
    expect(await fixture.row(id)).toMatchObject({ status: 'QUEUED', reason: 'SMTP_451', attempts: 3 });
    expect(await fixture.run(id)).toBeNull();
    expect(await fixture.sandbox.inbox('late@example.com')).toHaveLength(1);
  });

  it('ends a message that is late for its use, and forgets its text', async () => {
    const expiresAt = new Date(fixture.now.getTime() + 600_000);
    const id = await enqueue(otpTo('gone@example.com', { channel: 'EMAIL', expiresAt }));
    await fixture.sandbox.fault('smtp.deliver-mail', 'refused');
    await fixture.run(id);
    fixture.now = expiresAt;
    expect(await fixture.run(id)).toBeNull();
    expect(await fixture.row(id)).toMatchObject({
      status: 'EXPIRED',
      reason: 'SMTP_451',
      sealed_content: null,
    });
    expect(await fixture.sandbox.inbox('gone@example.com')).toEqual([]);
  });

  it('makes a message dead after two days, and a replay sends it', async () => {
    const id = await enqueue(orderTo('patient@example.com', { channel: 'EMAIL' }));
    await fixture.sandbox.fault('smtp.deliver-mail', 'refused');
    await fixture.run(id);
    fixture.now = new Date(fixture.now.getTime() + 48 * hourMs);
    expect(await fixture.run(id)).toBeNull();
    expect(await fixture.row(id)).toMatchObject({ status: 'DEAD', reason: 'SMTP_451' });
    await fixture.database.pool.query('delete from graphile_worker._private_jobs');
    const { db } = fixture.database;
    const replays = await Promise.all([1, 2, 3].map(() => fixture.notifier.replay(db, id)));
    expect(replays.filter(Boolean)).toHaveLength(1);
    expect(await fixture.jobs(id)).toHaveLength(1);
    expect(await fixture.run(id)).toBeNull();
    expect(await fixture.sandbox.inbox('patient@example.com')).toHaveLength(1);
    expect(await fixture.notifier.replay(db, id)).toBe(false);
  });
});

describe('a destination that cannot be reached', () => {
  it.each([
    ['SMS', '+15005550004', 'TWILIO_21610'],
    ['EMAIL', 'bounce@example.com', 'SMTP_550'],
    ['PUSH', 'unregistered-app', 'FCM_UNREGISTERED'],
  ] as const)('ends the message for good: %s', async (channel, to, reason) => {
    const id = await enqueue(orderTo(to, { channel }));
    expect(await fixture.run(id)).toBeNull();
    expect(await fixture.row(id)).toMatchObject({
      status: 'FAILED',
      reason,
      attempts: 1,
      sealed_content: null,
    });
    expect(fixture.undeliverable.at(-1)).toEqual({ channel, address: to });
    expect(await fixture.sandbox.inbox(to)).toEqual([]);
  });
});

describe('the wishes of a person', () => {
  const quiet = { startMinute: 22 * 60, endMinute: 7 * 60 };
  const wish = (channels: ('SMS' | 'EMAIL' | 'PUSH')[], quietHours: typeof quiet | null = null) =>
    fixture.wishes.set(userId, {
      channels: { ORDERS: channels, PAYMENTS: channels },
      quietHours,
      timeZone: 'Asia/Kolkata',
    });

  it('switch off what is not about security', async () => {
    wish([]);
    const order = await enqueue(orderTo(newPhoneNumber(), { userId }));
    const otp = await enqueue(otpTo(newPhoneNumber(), { userId }));
    for (const id of [order, otp]) await fixture.run(id);
    expect(await fixture.row(order)).toMatchObject({ status: 'SUPPRESSED', reason: 'SWITCHED_OFF' });
    expect(await fixture.row(otp)).toMatchObject({ status: 'SENT' });
  });

  it('let it wait for the end of quiet hours, as one job', async () => {
    wish(['SMS'], quiet);
    fixture.now = new Date('2027-01-10T23:30:00+05:30');
    const to = newPhoneNumber();
    const order = await enqueue(orderTo(to, { userId }));
    await fixture.database.pool.query('delete from graphile_worker._private_jobs');
    for (let run = 0; run < 2; run += 1) expect(await fixture.run(order)).toBeNull();
    expect(await fixture.jobs(order)).toEqual([
      { run_at: new Date('2027-01-11T07:00:00+05:30'), attempts: 0 },
    ]);
    fixture.now = new Date('2027-01-11T07:00:00+05:30');
    await fixture.run(order);
    expect(await fixture.sandbox.inbox(to)).toHaveLength(1);
  });
});

describe('a vendor that fails again and again', () => {
  it('is spared after five failures in a row, and tried again after half a minute', async () => {
    await using fixture = await startNotifier();
    await fixture.sandbox.fault('twilio.send-message', 'rate-limited', { times: 5 });
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1)
      ids.push((await fixture.enqueue(otpTo(newPhoneNumber()))) ?? '');
    for (const id of ids.slice(0, 6)) await fixture.run(id);
    expect(await fixture.row(ids[5]!)).toMatchObject({ vendor: 'MSG91', attempts: 2 });
    expect(await fixture.sandbox.control('GET', '/scenario')).toEqual([]);
    fixture.now = new Date(fixture.now.getTime() + 30_000);
    await fixture.run(ids[6]!);
    expect(await fixture.row(ids[6]!)).toMatchObject({ vendor: 'TWILIO', attempts: 1 });
  });
});

describe('a message that cannot be read', () => {
  it.each([
    ['a template that is gone', `template = 'gone'`, 'UNKNOWN_TEMPLATE'],
    ['variables that do not fit it any more', `template = 'receipt'`, 'INVALID_VARIABLES'],
    ['a channel that it has no text for', `template = 'password-reset'`, 'CHANNEL_NOT_OFFERED'],
    ['another master key', `sealed_content = 'AAAA'`, 'UNREADABLE'],
  ])('is dead at once, for people to see: %s', async (_what, change, reason) => {
    const to = newPhoneNumber();
    const id = await enqueue(otpTo(to));
    await fixture.database.pool.query(`update notification_delivery set ${change} where id = $1`, [id]);
    expect(await fixture.run(id)).toBeNull();
    expect(await fixture.row(id)).toMatchObject({ status: 'DEAD', reason, attempts: 0 });
    expect(await fixture.sandbox.inbox(to)).toEqual([]);
  });
});
