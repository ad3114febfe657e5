import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.ts';
import { type Answer, call, controlOf, credentials } from './sandbox.fixture.ts';

const TEMPLATE = { id: '64f0c1', text: '##code## is your code. It is valid for ##minutes## minutes.' };
const RECIPIENT = { mobiles: '919876543210', code: '123456', minutes: 10 };

async function startWithTemplate(): Promise<Sandbox> {
  const sandbox = await createSandbox({ port: 0, ...credentials });
  await call('PUT', `${sandbox.url}/control/msg91-templates`, { body: { templates: [TEMPLATE] } });
  return sandbox;
}

function send(sandbox: Sandbox, body: unknown, authkey = 'sandbox_auth_key'): Promise<Answer> {
  return call('POST', `${sandbox.url}/msg91/api/v5/flow`, { body, headers: { authkey } });
}

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startWithTemplate();
  return () => sandbox.close();
});

it('fills the registered text and puts it into the inbox', async () => {
  const answer = await send(sandbox, { template_id: TEMPLATE.id, short_url: '0', recipients: [RECIPIENT] });
  expect(answer).toEqual({
    status: 200,
    body: { type: 'success', message: expect.stringMatching(/^[0-9a-f]{24}$/) },
  });
  const { body: inbox } = await call('GET', `${sandbox.url}/inbox?to=+919876543210`);
  expect(inbox).toMatchObject([
    { channel: 'SMS', subject: null, text: '123456 is your code. It is valid for 10 minutes.' },
  ]);
});

describe('refuses, and sends nothing', () => {
  it.each([
    ['an unknown text', { template_id: 'other', recipients: [RECIPIENT] }, 'Template not found'],
    ['nobody', { template_id: TEMPLATE.id, recipients: [] }, 'Invalid request body'],
    [
      'a number that is none',
      { template_id: TEMPLATE.id, recipients: [RECIPIENT, { ...RECIPIENT, mobiles: '+91' }] },
      'Please provide valid mobile number',
    ],
  ])('%s, with a 200 that says error', async (_what, body, message) => {
    expect(await send(sandbox, body)).toEqual({ status: 200, body: { type: 'error', message } });
    expect((await call('GET', `${sandbox.url}/inbox`)).body).toEqual([]);
  });

  it('a wrong key', async () => {
    expect(await send(sandbox, {}, 'wrong')).toMatchObject({ status: 401, body: { type: 'error' } });
  });

  it.each([
    ['500', 500],
    ['rate-limited', 429],
  ])('when a scenario says %s', async (fault, status) => {
    await controlOf(sandbox).post('/scenario', { party: 'msg91', call: 'send-flow', fault });
    const flow = { template_id: TEMPLATE.id, recipients: [RECIPIENT] };
    expect(await send(sandbox, flow)).toMatchObject({ status, body: { type: 'error' } });
    expect(await send(sandbox, flow)).toMatchObject({ status: 200, body: { type: 'success' } });
  });
});
