import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Vendors } from '../src/index.ts';
import { type NotifierFixture, newPhoneNumber, orderTo, otpTo, startNotifier } from './notifier.fixture.ts';

/** Vendors of the test: all, or one alone for SMS. */
const only =
  (name: 'TWILIO' | 'MSG91') =>
  (vendors: Vendors): Vendors => ({ ...vendors, SMS: vendors.SMS.filter((vendor) => vendor.name === name) });

let both: NotifierFixture;
let twilio: NotifierFixture;
let msg91: NotifierFixture;
const all = () => [both, twilio, msg91];

beforeAll(async () => {
  both = await startNotifier({ timeoutMs: 500 });
  twilio = await startNotifier({ timeoutMs: 500, adapt: only('TWILIO') });
  msg91 = await startNotifier({ timeoutMs: 500, adapt: only('MSG91') });
});
beforeEach(() => Promise.all(all().map(({ sandbox }) => sandbox.control('POST', '/reset'))));
afterAll(() => Promise.all(all().map((fixture) => fixture[Symbol.asyncDispose]())));

/** The vendor sends, and its answer is lost. */
const loseAnswers = (fixture: NotifierFixture, call: string, times = 1) =>
  fixture.sandbox.fault(call, 'reset', { when: 'after', times });

async function runUntilDone(fixture: NotifierFixture, id: string): Promise<void> {
  for (let run = 0; run < 10; run += 1) if ((await fixture.run(id)) === null) return;
  throw new Error('it was not done after ten runs');
}

describe('a vendor that sent and whose answer was lost', () => {
  it('is asked, where it can be: nothing is sent twice', async () => {
    const to = newPhoneNumber();
    const id = (await both.enqueue(otpTo(to))) ?? '';
    await loseAnswers(both, 'twilio.send-message');
    await runUntilDone(both, id);
    expect(await both.sandbox.inbox(to)).toHaveLength(1);
    expect(await both.row(id)).toMatchObject({
      status: 'SENT',
      vendor: 'TWILIO',
      vendor_message_id: expect.stringMatching(/^SM/),
      attempts: 1,
    });
  });

  it('is not taken to have sent what it sent for another delivery', async () => {
    const to = newPhoneNumber();
    const earlier = (await twilio.enqueue(otpTo(to))) ?? '';
    await twilio.run(earlier);
    // The same code once more, and this time the call never reaches the vendor.
    const id = (await twilio.enqueue(otpTo(to))) ?? '';
    await twilio.sandbox.fault('twilio.send-message', 'reset', { when: 'before' });
    await runUntilDone(twilio, id);
    expect(await twilio.sandbox.inbox(to)).toHaveLength(2);
    expect((await twilio.row(id)).vendor_message_id).not.toBe((await twilio.row(earlier)).vendor_message_id);
  });

  it('is waited for when it is the only one and does not say', async () => {
    const to = newPhoneNumber();
    const id = (await twilio.enqueue(otpTo(to))) ?? '';
    await loseAnswers(twilio, 'twilio.send-message');
    await twilio.sandbox.fault('twilio.list-messages', '500', { times: 3 });
    for (let run = 0; run < 4; run += 1) expect(await twilio.run(id)).not.toBeNull();
    expect(await twilio.row(id)).toMatchObject({ status: 'SENDING', attempts: 1 });
    await runUntilDone(twilio, id);
    expect(await twilio.sandbox.inbox(to)).toHaveLength(1);
  });

  it('is followed by another vendor when it does not say: one duplicate at most', async () => {
    const to = newPhoneNumber();
    const id = (await both.enqueue(otpTo(to))) ?? '';
    await loseAnswers(both, 'twilio.send-message');
    await both.sandbox.fault('twilio.list-messages', '500');
    await runUntilDone(both, id);
    expect(await both.sandbox.inbox(to)).toHaveLength(2);
    expect(await both.row(id)).toMatchObject({ status: 'SENT', vendor: 'MSG91' });
  });

  it('that cannot be asked leaves one duplicate, and no second one', async () => {
    const to = newPhoneNumber();
    const id = (await msg91.enqueue(otpTo(to))) ?? '';
    await loseAnswers(msg91, 'msg91.send-flow', 5);
    await runUntilDone(msg91, id);
    expect(await msg91.sandbox.inbox(to)).toHaveLength(2);
    expect(await msg91.row(id)).toMatchObject({ status: 'DEAD', reason: 'OUTCOME_UNKNOWN', attempts: 2 });
    await msg91.sandbox.control('DELETE', '/scenario');
    expect(await msg91.notifier.replay(msg91.database.db, id)).toBe(true);
    await runUntilDone(msg91, id);
    expect(await msg91.row(id)).toMatchObject({ status: 'SENT' });
  });

  it('that replaces duplicates is asked to send until it says that it did', async () => {
    const id = (await both.enqueue(orderTo('token-of-an-app', { channel: 'PUSH' }))) ?? '';
    await loseAnswers(both, 'fcm.send-message', 4);
    await runUntilDone(both, id);
    expect(await both.row(id)).toMatchObject({ status: 'SENT', attempts: 5 });
  });

  it('is cleared up also when the time of the message is over', async () => {
    const to = newPhoneNumber();
    const expiresAt = new Date(both.now.getTime() + 600_000);
    const id = (await both.enqueue(otpTo(to, { expiresAt }))) ?? '';
    await loseAnswers(both, 'twilio.send-message');
    await both.run(id);
    both.now = expiresAt;
    await runUntilDone(both, id);
    expect(await both.row(id)).toMatchObject({ status: 'SENT' });
    both.now = new Date();
  });
});

describe('a vendor that never got the call', () => {
  it('costs nothing but time', async () => {
    const to = newPhoneNumber();
    const id = (await twilio.enqueue(otpTo(to))) ?? '';
    await twilio.sandbox.fault('twilio.send-message', 'timeout', { when: 'before', times: 3 });
    await runUntilDone(twilio, id);
    expect(await twilio.sandbox.inbox(to)).toHaveLength(1);
    expect(await twilio.row(id)).toMatchObject({ status: 'SENT', attempts: 4 });
  });
});
