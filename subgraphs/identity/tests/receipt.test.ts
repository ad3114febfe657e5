import { uuidv7 } from '@suvidha/db';
import { type DomainEvent, type EventPayload, personalDataHolders } from '@suvidha/events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { receiveMessages } from './support/inbox.ts';
import { toVendorEnv } from './support/message-vendors.ts';
import { actorOf, newEmail, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity({ env: toVendorEnv });
  steps = new Steps(fixture);
});
afterAll(() => fixture[Symbol.asyncDispose]());

const monthMs = 30 * 24 * 3_600_000;
let lastNumber = 0;

/** Payments' word that it has issued a receipt. */
function receiptIssued(
  payer: string,
  change: Partial<EventPayload<'receipt.issued'>> = {},
): DomainEvent<'receipt.issued'> {
  const receiptId = uuidv7();
  lastNumber += 1;
  return {
    id: uuidv7(),
    type: 'receipt.issued',
    schemaVersion: 1,
    aggregateType: 'receipt',
    aggregateId: receiptId,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload: {
      receiptId,
      number: `R-2026-${String(lastNumber).padStart(6, '0')}`,
      paymentId: uuidv7(),
      refundId: null,
      payable: { type: 'BILL', id: uuidv7() },
      payableNumber: 'EL-202611-7',
      payer,
      amountMinor: 12_345_600,
      currency: 'INR',
      movedAt: '2026-11-20T20:00:00.000Z',
      url: `https://pay.example.com/receipts/${receiptId}.pdf?expires=1&signature=a-b_c`,
      urlExpiresAt: new Date(fixture.clock.now().getTime() + monthMs).toISOString(),
      ...change,
    },
  };
}

async function mutate(query: string, session: Json, variables: object = {}): Promise<Json> {
  const { data, errors } = await fixture.execute(query, variables, actorOf(session));
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0];
}

/** Somebody who is reached by phone, mail and an app. */
async function joinWithEverything(): Promise<Json> {
  const session = await steps.join();
  const email = newEmail();
  const emailVerification = await steps.receiveOtp(email, { purpose: 'VERIFY' });
  await steps.do('updateProfile', { emailVerification }, { actor: actorOf(session) });
  const pushToken = `app-${session.user.id}`;
  await mutate(
    `mutation ($input: RegisterDeviceInput!) { registerDevice(input: $input) { userErrors { code } } }`,
    session,
    { input: { platform: 'ANDROID', pushToken } },
  );
  return { ...session, email, pushToken, payer: `user:${session.user.id}` };
}

const wish = (session: Json, input: object) =>
  mutate(
    `mutation ($input: UpdateNotificationPreferencesInput!) {
      updateNotificationPreferences(input: $input) { userErrors { code } } }`,
    session,
    { input },
  );

/** What came of the receipts of a person: by which channel, and how it stands. */
async function receiptsTo({ payer }: { payer: string }): Promise<Json[]> {
  const text = `select channel, template, locale, status, reason from notification_delivery
    where user_id = $1 and template like '%receipt' order by channel`;
  return (await fixture.pool.query(text, [payer.slice('user:'.length)])).rows;
}

const channelsTo = async (person: Json) => (await receiptsTo(person)).map(({ channel }) => channel).sort();

const isConsumed = async ({ id }: DomainEvent) =>
  (await fixture.pool.query('select 1 from consumed_event where event_id = $1', [id])).rows.length === 1;

describe('a receipt', () => {
  it('is mailed with its address and pushed, and costs no SMS that nobody asked for', async () => {
    const person = await joinWithEverything();
    const issued = receiptIssued(person.payer);
    await fixture.app.consume(issued);
    const [mail] = await receiveMessages(fixture, person.email, 2);
    expect(mail.subject).toBe(`Receipt ${issued.payload.number}`);
    expect(mail.text).toContain('we have received ₹1,23,456.00 for your bill EL-202611-7.');
    expect(mail.text).toContain(issued.payload.url);
    expect(mail.text).toMatch(/Paid: 21 November 2026, 1:30\sam IST/);
    const [push] = await receiveMessages(fixture, person.pushToken);
    expect(push).toMatchObject({ channel: 'PUSH', subject: 'Your receipt is ready' });
    expect(await channelsTo(person)).toEqual(['EMAIL', 'PUSH']);
  });

  it('of a refund says that money went back', async () => {
    const person = await joinWithEverything();
    const refund = { refundId: uuidv7(), number: 'RR-2026-000001', payable: { type: 'ORDER', id: uuidv7() } };
    await fixture.app.consume(receiptIssued(person.payer, refund as Partial<EventPayload<'receipt.issued'>>));
    const [mail] = await receiveMessages(fixture, person.email, 2);
    expect(mail.subject).toBe('Refund receipt RR-2026-000001');
    expect(mail.text).toContain('We have given back ₹1,23,456.00 that you paid for your order');
    const [push] = await receiveMessages(fixture, person.pushToken);
    expect(push.subject).toBe('Your money was given back');
  });

  it('comes in Hindi, at the time of day of the reader, and by SMS for who wants that', async () => {
    const person = await joinWithEverything();
    await wish(person, { language: 'HI', payments: ['SMS', 'EMAIL'], timeZone: 'Africa/Lagos' });
    const issued = receiptIssued(person.payer);
    await fixture.app.consume(issued);
    const [mail] = await receiveMessages(fixture, person.email, 2);
    expect(mail.subject).toBe(`रसीद ${issued.payload.number}`);
    expect(mail.text).toContain('आपके बिल EL-202611-7 के लिए ₹1,23,456.00 हमें मिल गए हैं');
    expect(mail.text).toContain('20 नवंबर 2026, 21:00');
    const texts = (await receiveMessages(fixture, person.user.phoneNumber, 3)).map(({ text }) => text);
    expect(texts).toContain(
      `आपके बिल EL-202611-7 के लिए ₹1,23,456.00 की रसीद ${issued.payload.number}। सुविधा: ${issued.payload.url}`,
    );
    expect(await channelsTo(person)).toEqual(['EMAIL', 'SMS']);
  });

  it('is not sent to who wants to hear nothing of payments', async () => {
    const person = await joinWithEverything();
    await wish(person, { payments: [] });
    const issued = receiptIssued(person.payer);
    await fixture.app.consume(issued);
    expect(await isConsumed(issued)).toBe(true);
    expect(await receiptsTo(person)).toEqual([]);
  });

  it('is sent once, however often and at once it is told, also under another event', async () => {
    const person = await joinWithEverything();
    const issued = receiptIssued(person.payer);
    const again = { ...issued, id: uuidv7() };
    await Promise.all([issued, issued, again, issued, again].map((event) => fixture.app.consume(event)));
    await fixture.app.consume(issued);
    expect(await channelsTo(person)).toEqual(['EMAIL', 'PUSH']);
  });

  it('is not sent when its address leads nowhere any more', async () => {
    const person = await joinWithEverything();
    await fixture.app.consume(
      receiptIssued(person.payer, { urlExpiresAt: fixture.clock.now().toISOString() }),
    );
    const expired = { status: 'EXPIRED', reason: 'TOO_LATE' };
    await vi.waitFor(async () => expect(await receiptsTo(person)).toMatchObject([expired, expired]), {
      timeout: 20_000,
      interval: 10,
    });
  });

  it('stands nowhere in the clear', async () => {
    await using still = await startIdentity({ isStarted: false });
    const payer = 'user:019a0000-0000-7000-8000-000000000001';
    const issued = receiptIssued(payer);
    await still.app.consume(issued);
    const { rows } = await still.pool.query('select * from notification_delivery');
    const jobs = await still.pool.query('select payload from graphile_worker._private_jobs');
    expect(rows).toMatchObject([
      { channel: 'EMAIL', status: 'QUEUED', cause: `receipt:${issued.aggregateId}` },
    ]);
    expect(JSON.stringify([rows, jobs.rows])).not.toMatch(/signature|R-2026|asha@/);
  });
});

describe('a receipt of somebody who', () => {
  const leave = (session: Json) =>
    mutate(
      'mutation { deleteMyAccount(input: { isFinal: true }) { requestedAt userErrors { code } } }',
      session,
    );

  /** Every other subgraph has erased its part. */
  async function completeErasure(userId: string): Promise<void> {
    const { rows } = await fixture.pool.query('select id from erasure where user_id = $1', [userId]);
    for (const subgraph of personalDataHolders)
      await fixture.app.consume({
        ...receiptIssued(''),
        type: 'erasure.completed',
        aggregateType: 'user',
        aggregateId: userId,
        payload: { userId, erasureId: rows[0].id, subgraph },
      } as DomainEvent);
  }

  /** Stops the second message where it is stored: another transaction, unfinished, has one of the same cause. */
  async function holdMessage(first: DomainEvent, second: DomainEvent) {
    const client = await fixture.pool.connect();
    await client.query('begin');
    await client.query(
      `insert into notification_delivery select (jsonb_populate_record(row, $2::jsonb)).*
        from notification_delivery as row where cause = $1 and channel = 'EMAIL'`,
      [
        `receipt:${first.aggregateId}`,
        { id: uuidv7(), cause: `receipt:${second.aggregateId}`, vendor: null, vendor_message_id: null },
      ],
    );
    let isHeld = true;
    const release = async () => {
      if (isHeld) await client.query('rollback').then(() => client.release());
      isHeld = false;
    };
    return { release, untilWaiting, [Symbol.asyncDispose]: release };
  }

  /** Resolves when so many transactions wait for another one. */
  async function untilWaiting(count: number): Promise<void> {
    const text = `select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    for (;;) if ((await fixture.pool.query(text)).rows[0].waiting >= count) return;
  }

  it.each(['is leaving', 'has left'])('%s is acknowledged, and sent to nobody', async (how) => {
    const person = await joinWithEverything();
    await leave(person);
    if (how === 'has left') await completeErasure(person.user.id);
    const issued = receiptIssued(person.payer);
    await fixture.app.consume(issued);
    expect(await isConsumed(issued)).toBe(true);
    expect(await receiptsTo(person)).toEqual([]);
  });

  it('leaves while it is being put into the queue leads to them no more when they have left', async () => {
    const person = await joinWithEverything();
    const [first, second] = [receiptIssued(person.payer), receiptIssued(person.payer)];
    await fixture.app.consume(first);
    await using held = await holdMessage(first, second);
    const consuming = fixture.app.consume(second);
    await held.untilWaiting(1);
    const leaving = leave(person).then(() => completeErasure(person.user.id));
    await Promise.race([leaving, held.untilWaiting(2)]);
    await held.release();
    await Promise.all([consuming, leaving]);
    expect(await receiptsTo(person)).toEqual([]);
  });

  it.each(['guest', 'user'])('was never known, as a %s, is acknowledged', async (kind) => {
    const issued = receiptIssued(`${kind}:${uuidv7()}`);
    await fixture.app.consume(issued);
    expect(await isConsumed(issued)).toBe(true);
  });
});
