import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { call, startSandbox } from './sandbox.fixture.ts';

const PREVIEWS = [
  { template: 'otp', locale: 'en', channel: 'SMS', subject: null, text: '<b>1</b> is your code', html: null },
  {
    template: 'receipt',
    locale: 'hi',
    channel: 'EMAIL',
    subject: 'रसीद',
    text: 'धन्यवाद',
    html: '<p>धन्यवाद</p>',
  },
];

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const put = (previews: unknown) => call('PUT', `${sandbox.url}/control/previews`, { body: { previews } });

describe('the page of messages', () => {
  it('says so when there are none', async () => {
    const page = await fetch(`${sandbox.url}/messages`);
    expect(await page.text()).toContain('No messages to show');
  });

  it('shows each text escaped, and each mail in a frame of its own', async () => {
    expect((await put(PREVIEWS)).status).toBe(204);
    const page = await (await fetch(`${sandbox.url}/messages`)).text();
    expect(page).toContain('&lt;b&gt;1&lt;/b&gt; is your code');
    expect(page).toContain('<iframe src="/messages/1.html"');
    const mail = await fetch(`${sandbox.url}/messages/1.html`);
    expect(await mail.text()).toBe('<p>धन्यवाद</p>');
    expect(mail.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  });

  it.each(['/messages/0.html', '/messages/99.html', '/messages/x.html', '/messages/1'])(
    'has no mail at %s',
    async (path) => {
      expect((await fetch(`${sandbox.url}${path}`)).status).toBe(404);
    },
  );

  it('takes only messages', async () => {
    expect(await put([{ ...PREVIEWS[0], channel: 'FAX' }])).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_INPUT', field: 'previews.0.channel' } },
    });
  });
});
