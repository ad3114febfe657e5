import { createServer } from 'node:net';
import type { Channel, MessageByChannel } from '@suvidha/notification-templates';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createFcmVendor,
  createMsg91Vendor,
  createSmtpVendor,
  createTwilioVendor,
  type NotificationConfig,
  type OutgoingMessage,
  type Vendor,
  VendorError,
} from '../src/index.ts';
import { startSandbox, type TestSandbox } from './sandbox.fixture.ts';

/** What every vendor is put through. */
interface Subject<C extends Channel> {
  readonly name: string;
  readonly create: (config: NotificationConfig, timeoutMs?: number) => Vendor<C>;
  /** The call of the sandbox that takes messages. */
  readonly call: string;
  readonly content: MessageByChannel[C];
  /** What makes the vendor say that it took nothing, and what leaves it open. */
  readonly notSentFault: string;
  readonly unknownFaults: readonly string[];
  readonly good: string;
  readonly bad: string;
  /** The configuration with credentials that the vendor does not know. */
  readonly withWrongCredentials?: (config: NotificationConfig) => NotificationConfig;
  readonly elsewhere: (config: NotificationConfig, port: number) => NotificationConfig;
}

const sms = {
  text: '482913 is your Suvidha code to log in. It is valid for 10 minutes. Share it with nobody.',
};
const now = () => new Date();

const subjects = [
  {
    name: 'TWILIO',
    create: ({ twilio }, timeoutMs = 5_000) => createTwilioVendor({ ...twilio, timeoutMs }),
    call: 'twilio.send-message',
    notSentFault: 'rate-limited',
    unknownFaults: ['500', 'reset'],
    content: { ...sms, values: {} },
    good: '+919876500001',
    bad: '+15005550001',
    withWrongCredentials: (config) => ({ ...config, twilio: { ...config.twilio, authToken: 'wrong' } }),
    elsewhere: (config, port) => ({
      ...config,
      twilio: { ...config.twilio, baseUrl: `http://127.0.0.1:${port}` },
    }),
  } satisfies Subject<'SMS'>,
  {
    name: 'MSG91',
    create: ({ msg91 }, timeoutMs = 5_000) =>
      createMsg91Vendor({ ...msg91, authKey: msg91.authKey ?? '', timeoutMs }),
    call: 'msg91.send-flow',
    notSentFault: 'rate-limited',
    unknownFaults: ['500', 'reset'],
    content: { text: 'not sent: MSG91 has the text', values: { code: '482913', minutes: '10' } },
    good: '+919876500002',
    bad: '+12',
    withWrongCredentials: (config) => ({ ...config, msg91: { ...config.msg91, authKey: 'wrong' } }),
    elsewhere: (config, port) => ({
      ...config,
      msg91: { ...config.msg91, baseUrl: `http://127.0.0.1:${port}` },
    }),
  } satisfies Subject<'SMS'>,
  {
    name: 'SMTP',
    create: ({ mail }, timeoutMs = 5_000) => createSmtpVendor({ ...mail, timeoutMs }),
    call: 'smtp.deliver-mail',
    notSentFault: 'refused',
    unknownFaults: [],
    content: { ...sms, subject: 'Your Suvidha code', html: '<p>482913</p>' },
    good: 'asha@example.com',
    bad: 'bounce@example.com',
    elsewhere: (config, port) => ({
      ...config,
      mail: { ...config.mail, smtpUrl: `smtp://127.0.0.1:${port}` },
    }),
  } satisfies Subject<'EMAIL'>,
  {
    name: 'FCM',
    create: ({ fcm }, timeoutMs = 5_000) =>
      createFcmVendor({ baseUrl: fcm.baseUrl, account: fcm.account!, now, timeoutMs }),
    call: 'fcm.send-message',
    notSentFault: 'rate-limited',
    unknownFaults: ['500', 'reset'],
    content: { title: 'Order confirmed', body: sms.text, link: 'https://suvidha.example/orders/7' },
    good: 'token-of-an-app',
    bad: 'unregistered-token',
    withWrongCredentials: (config) => ({
      ...config,
      fcm: { ...config.fcm, account: { ...config.fcm.account!, client_email: 'nobody@example.com' } },
    }),
    elsewhere: (config, port) => ({ ...config, fcm: { ...config.fcm, baseUrl: `http://127.0.0.1:${port}` } }),
  } satisfies Subject<'PUSH'>,
] as const;

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(() => sandbox.control('POST', '/reset'));
afterAll(() => sandbox[Symbol.asyncDispose]());

describe.each(subjects as unknown as Subject<Channel>[])('$name', (subject) => {
  const { good, bad, call, content } = subject;
  const message = (to: string): OutgoingMessage<Channel> => ({
    id: '019a0000-0000-7000-8000-00000000abcd',
    to,
    template: 'otp-login',
    locale: 'en',
    content,
    attachments: [],
  });
  const failure = async (vendor: Vendor<Channel>, to = good): Promise<VendorError> => {
    const error = await vendor.send(message(to)).then(
      () => new Error('it was sent'),
      (reason: unknown) => reason,
    );
    if (error instanceof VendorError) return error;
    throw error;
  };

  it('hands the message over and answers the id it was given', async () => {
    const id = await subject.create(sandbox.config).send(message(good));
    expect(id).toMatch(/\S{8}/);
    const inbox = await sandbox.inbox(good);
    expect(inbox).toHaveLength(1);
    expect(inbox[0].text).toBe(sms.text);
  });

  it('says that a destination cannot be reached, and sends nothing', async () => {
    const error = await failure(subject.create(sandbox.config), bad);
    expect(error).toMatchObject({ outcome: 'UNDELIVERABLE' });
    expect(await sandbox.control('GET', '/state')).toBeTruthy();
    expect(await sandbox.inbox(bad)).toEqual([]);
  });

  it.runIf(subject.withWrongCredentials)(
    'says that it is refused when the credentials are wrong',
    async () => {
      const config = subject.withWrongCredentials?.(sandbox.config) ?? sandbox.config;
      expect(await failure(subject.create(config))).toMatchObject({ outcome: 'REFUSED' });
    },
  );

  it('knows that nothing was sent where nobody listens', async () => {
    const config = subject.elsewhere(sandbox.config, await findClosedPort());
    expect(await failure(subject.create(config))).toMatchObject({ outcome: 'NOT_SENT' });
  });

  it('knows that nothing was sent when the vendor says later', async () => {
    await sandbox.fault(call, subject.notSentFault);
    expect(await failure(subject.create(sandbox.config))).toMatchObject({ outcome: 'NOT_SENT' });
    expect(await sandbox.inbox(good)).toEqual([]);
  });

  it.each(subject.unknownFaults)('claims to know nothing after a %s', async (fault) => {
    await sandbox.fault(call, fault, { when: 'after' });
    expect(await failure(subject.create(sandbox.config))).toMatchObject({ outcome: 'UNKNOWN' });
    expect(await sandbox.inbox(good)).toHaveLength(1);
  });

  it('claims to know nothing when the answer does not come in time', async () => {
    await sandbox.control('POST', '/hold', { point: `${call}.after` });
    const error = await failure(subject.create(sandbox.config, 500));
    expect(error).toMatchObject({ outcome: 'UNKNOWN' });
    expect(await sandbox.inbox(good)).toHaveLength(1);
    await sandbox.control('DELETE', '/hold');
  });

  it('names neither destination nor text when it fails', async () => {
    for (const to of [good, bad]) {
      await sandbox.fault(call, subject.notSentFault);
      const error = await failure(subject.create(sandbox.config), to);
      const said = `${error.message} ${error.code}`;
      expect(said).not.toContain(to);
      expect(said).not.toContain('482913');
    }
  });
});

describe('Twilio', () => {
  const message = (text: string): OutgoingMessage<'SMS'> => ({
    id: '019a0000-0000-7000-8000-00000000abcd',
    to: '+919876500009',
    template: 'otp-login',
    locale: 'en',
    content: { text, values: {} },
    attachments: [],
  });

  it('finds what it took, by destination, text and time', async () => {
    const vendor = createTwilioVendor(sandbox.config.twilio);
    const since = new Date();
    const first = await vendor.send(message('one'));
    await vendor.send(message('another'));
    const again = await vendor.send(message('one'));
    expect(await vendor.findSent?.(message('one'), since)).toEqual([again, first]);
    expect(await vendor.findSent?.(message('never sent'), since)).toEqual([]);
    expect(await vendor.findSent?.({ ...message('one'), to: '+919876500008' }, since)).toEqual([]);
    expect(await vendor.findSent?.(message('one'), new Date(Date.now() + 60_000))).toEqual([]);
  });
});

describe('SMTP', () => {
  const mail: OutgoingMessage<'EMAIL'> = {
    id: '019a0000-0000-7000-8000-00000000abcd',
    to: 'asha@example.com',
    template: 'receipt',
    locale: 'hi',
    content: { subject: 'रसीद R-1', text: 'धन्यवाद ₹499.00', html: '<p>धन्यवाद</p>' },
    attachments: [{ filename: 'रसीद.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') }],
  };

  it('carries text and HTML, an attachment and one Message-ID in every attempt', async () => {
    const vendor = createSmtpVendor(sandbox.config.mail);
    const ids = [await vendor.send(mail), await vendor.send(mail)];
    expect(ids).toEqual(Array(2).fill('<019a0000-0000-7000-8000-00000000abcd@suvidha.example>'));
    const mails = await sandbox.control('GET', '/mails');
    expect(mails).toHaveLength(2);
    expect(mails[0]).toMatchObject({
      messageId: ids[0],
      from: 'no-reply@suvidha.example',
      to: ['asha@example.com'],
      subject: 'रसीद R-1',
      html: expect.stringContaining('धन्यवाद'),
      headers: { 'auto-submitted': 'auto-generated', 'content-language': 'hi' },
      attachments: [{ filename: 'रसीद.pdf', contentType: 'application/pdf', sizeBytes: 8 }],
    });
  });

  it.each([
    'asha@example.com, ravi@example.com',
    'asha@example.com\r\nBcc: ravi@example.com',
    'asha@example.com <ravi@example.com>',
    '<ravi@example.com>',
  ])('reaches nobody else by %j', async (to) => {
    await createSmtpVendor(sandbox.config.mail)
      .send({ ...mail, to })
      .catch(() => undefined);
    expect(await sandbox.inbox('ravi@example.com')).toEqual([]);
  });

  it('forges no header by its subject', async () => {
    const content = { ...mail.content, subject: 'Hello\r\nBcc: ravi@example.com\r\n\r\nbody' };
    await createSmtpVendor(sandbox.config.mail).send({ ...mail, content });
    expect(await sandbox.inbox('ravi@example.com')).toEqual([]);
    const [{ headers }] = await sandbox.control('GET', '/mails');
    expect(headers).not.toHaveProperty('bcc');
  });
});

describe('FCM', () => {
  const push: OutgoingMessage<'PUSH'> = {
    id: '019a0000-0000-7000-8000-00000000abcd',
    to: 'token-of-an-app',
    template: 'order-status',
    locale: 'en',
    content: { title: 'Your order', body: 'ORD-7 is on its way' },
    attachments: [],
  };

  it('fetches one access token however many messages go out at once', async () => {
    await sandbox.control('POST', '/hold', { point: 'fcm.fetch-token.before' });
    const vendor = createFcmVendor({
      baseUrl: sandbox.config.fcm.baseUrl,
      account: sandbox.config.fcm.account!,
      now,
    });
    const sending = Promise.all(Array.from({ length: 5 }, () => vendor.send(push)));
    await sandbox.control('GET', '/hold/fcm.fetch-token.before/wait');
    const { held } = await sandbox.control('GET', '/hold/fcm.fetch-token.before/wait');
    expect(held).toBe(1);
    await sandbox.control('DELETE', '/hold');
    await sending;
    expect(await sandbox.inbox(push.to)).toHaveLength(5);
  });

  it('fetches another when the old one is over or not taken any more', async () => {
    // Google refuses what is signed in the future, so the clock begins in the past.
    let time = new Date(Date.now() - 3_540_000);
    const { baseUrl, account } = sandbox.config.fcm;
    const vendor = createFcmVendor({ baseUrl, account: account!, now: () => time });
    await vendor.send(push);
    await sandbox.control('POST', '/reset');
    await expect(vendor.send(push)).rejects.toMatchObject({
      outcome: 'NOT_SENT',
      code: 'FCM_UNAUTHENTICATED',
    });
    await vendor.send(push);
    await sandbox.control('POST', '/reset');
    time = new Date();
    await vendor.send(push);
    expect(await sandbox.inbox(push.to)).toHaveLength(1);
  });

  it.each(['before', 'after'])('sent nothing when its token cannot be fetched: %s', async (when) => {
    await sandbox.fault('fcm.fetch-token', 'reset', { when });
    const { baseUrl, account } = sandbox.config.fcm;
    const vendor = createFcmVendor({ baseUrl, account: account!, now });
    await expect(vendor.send(push)).rejects.toMatchObject({ outcome: 'NOT_SENT' });
    await vendor.send(push);
  });
});

async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
