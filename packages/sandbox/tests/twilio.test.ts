import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { type Answer, basic, call, controlOf, credentials, startSandbox } from './sandbox.fixture.ts';

const { accountSid, authToken } = credentials.twilio;
const MESSAGE = { To: '+919876543210', From: '+15005550006', Body: '123456 is your code.' };

async function send(
  sandbox: Sandbox,
  form: Record<string, string>,
  account = { sid: accountSid, token: authToken },
): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/twilio/2010-04-01/Accounts/${account.sid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: basic(account.sid, account.token) },
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: await response.json() };
}

it('answers 201 with the message and puts it into the inbox', async () => {
  await using sandbox = await startSandbox();
  const { status, body } = await send(sandbox, MESSAGE);
  expect(status).toBe(201);
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${body.sid}`;
  expect(body).toEqual({
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: MESSAGE.Body,
    date_created: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/),
    date_sent: null,
    date_updated: body.date_created,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: MESSAGE.From,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    status: 'queued',
    subresource_uris: { media: `${uri}/Media.json` },
    to: MESSAGE.To,
    uri: `${uri}.json`,
  });
  // A bare plus, as people type it.
  const inbox = (await call('GET', `${sandbox.url}/inbox?to=+919876543210`)).body;
  expect(inbox).toMatchObject([{ channel: 'SMS', to: MESSAGE.To, subject: null, text: MESSAGE.Body }]);
});

it('shows a message it has sent', async () => {
  await using sandbox = await startSandbox();
  const { uri } = (await send(sandbox, MESSAGE)).body;
  const headers = { authorization: basic(accountSid, authToken) };
  expect(await call('GET', `${sandbox.url}/twilio${uri}`, { headers })).toMatchObject({
    status: 200,
    body: { status: 'delivered', body: MESSAGE.Body },
  });
});

describe('refuses, and sends nothing', () => {
  const cases: [string, Record<string, string>, number][] = [
    ['no recipient', { ...MESSAGE, To: '' }, 21604],
    ['a bad recipient', { ...MESSAGE, To: '98765' }, 21211],
    ['Twilio’s invalid test number', { ...MESSAGE, To: '+15005550001' }, 21211],
    ['a region that is not enabled', { ...MESSAGE, To: '+15005550003' }, 21408],
    ['a recipient who has opted out', { ...MESSAGE, To: '+15005550004' }, 21610],
    ['a landline', { ...MESSAGE, To: '+15005550009' }, 21614],
    ['no sender', { ...MESSAGE, From: '' }, 21603],
    ['a bad sender', { ...MESSAGE, From: '+15005550001' }, 21212],
    ['no body', { ...MESSAGE, Body: '' }, 21602],
    ['a body too long', { ...MESSAGE, Body: 'x'.repeat(1601) }, 21617],
  ];
  it.each(cases)('%s', async (_name, form, code) => {
    await using sandbox = await startSandbox();
    expect(await send(sandbox, form)).toEqual({
      status: 400,
      body: {
        code,
        message: expect.any(String),
        more_info: `https://www.twilio.com/docs/errors/${code}`,
        status: 400,
      },
    });
    expect((await call('GET', `${sandbox.url}/inbox`)).body).toEqual([]);
  });

  it.each([
    ['a wrong token', { sid: accountSid, token: 'wrong' }],
    ['another account', { sid: 'AC1', token: authToken }],
  ])('%s', async (_name, account) => {
    await using sandbox = await startSandbox();
    expect(await send(sandbox, MESSAGE, account)).toMatchObject({ status: 401, body: { code: 20003 } });
  });
});

it('answers 404 in its own shape for what does not exist', async () => {
  await using sandbox = await startSandbox();
  const headers = { authorization: basic(accountSid, authToken) };
  expect(await call('GET', `${sandbox.url}/twilio/2010-04-01/nowhere`, { headers })).toMatchObject({
    status: 404,
    body: { code: 20404, status: 404 },
  });
});

it('fails with its own error when a scenario says so', async () => {
  await using sandbox = await startSandbox();
  await controlOf(sandbox).post('/scenario', { party: 'twilio', call: 'send-message', fault: '500' });
  expect(await send(sandbox, MESSAGE)).toMatchObject({ status: 500, body: { code: 20500 } });
  expect(await send(sandbox, MESSAGE)).toMatchObject({ status: 201 });
});
