import twilio from 'twilio';
import { expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { call, controlOf, credentials, startSandbox } from './sandbox.fixture.ts';

const { accountSid, authToken } = credentials.twilio;
const MESSAGE = { to: '+919876543210', from: '+15005550006', body: '123456 is your code.' };

/** Twilio's own SDK: only its HTTP client sends what is for api.twilio.com to the sandbox. */
function createSdk(sandbox: Sandbox, token = authToken): ReturnType<typeof twilio> {
  const httpClient = new twilio.RequestClient();
  const request = httpClient.request.bind(httpClient);
  httpClient.request = (options) =>
    request({ ...options, uri: options.uri.replace('https://api.twilio.com', `${sandbox.url}/twilio`) });
  return twilio(accountSid, token, { httpClient });
}

it('sends and fetches a message', async () => {
  await using sandbox = await startSandbox();
  const { messages } = createSdk(sandbox);
  const sent = await messages.create(MESSAGE);
  expect(sent).toMatchObject({ to: MESSAGE.to, body: MESSAGE.body, status: 'queued', numSegments: '1' });
  expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/);
  expect(sent.dateCreated).toBeInstanceOf(Date);
  expect(Number.isNaN(sent.dateCreated.getTime())).toBe(false);
  expect(await messages(sent.sid).fetch()).toMatchObject({ sid: sent.sid, status: 'delivered' });
  const { body: inbox } = await call('GET', `${sandbox.url}/inbox?to=+919876543210`);
  expect(inbox).toMatchObject([{ channel: 'SMS', text: MESSAGE.body }]);
});

it('lists the messages to a number, newest first, page by page', async () => {
  await using sandbox = await startSandbox();
  const { messages } = createSdk(sandbox);
  for (const body of ['one', 'two', 'three']) await messages.create({ ...MESSAGE, body });
  await messages.create({ ...MESSAGE, to: '+919876543211' });
  const listed = await messages.list({ to: MESSAGE.to, pageSize: 2 });
  expect(listed.map(({ body }) => body)).toEqual(['three', 'two', 'one']);
  expect(await messages.list({ to: MESSAGE.to, limit: 1 })).toHaveLength(1);
  expect(await messages.list({ to: '+919876543299' })).toEqual([]);
});

it('reads the errors', async () => {
  await using sandbox = await startSandbox();
  const { messages } = createSdk(sandbox);
  await expect(messages.create({ ...MESSAGE, to: '+15005550001' })).rejects.toMatchObject({
    status: 400,
    code: 21211,
    moreInfo: 'https://www.twilio.com/docs/errors/21211',
  });
  await expect(createSdk(sandbox, 'wrong').messages.create(MESSAGE)).rejects.toMatchObject({
    status: 401,
    code: 20003,
  });
  await controlOf(sandbox).post('/scenario', {
    party: 'twilio',
    call: 'send-message',
    fault: 'rate-limited',
  });
  await expect(messages.create(MESSAGE)).rejects.toMatchObject({ status: 429, code: 20429 });
});
