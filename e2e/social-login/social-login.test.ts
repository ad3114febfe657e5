import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { findChromium, launchChromium } from '../support/browser.ts';
import { readInbox } from '../support/inbox.ts';
import { Product } from '../support/product.ts';

const chromium = findChromium();
/** Where pictures of the journey go, such as `docs/images`. Absent: none are taken. */
const pictures = process.env.PICTURES_DIR;

async function takePicture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

// biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field
type Json = any;

async function ask(product: Product, query: string, variables: object, token?: string): Promise<Json> {
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as Json;
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const start = `mutation ($input: StartSocialLoginInput!) { startSocialLogin(input: $input) {
  authorizationUrl state userErrors { code } } }`;

const complete = `mutation ($input: CompleteSocialLoginInput!) { completeSocialLogin(input: $input) {
  accessToken user { id email linkedAccounts { provider email displayName isPrivateEmail } } userErrors { code } } }`;

async function begin(
  product: Product,
  provider: string,
  { intent = 'LOGIN', token }: { intent?: string; token?: string } = {},
): Promise<{ authorizationUrl: string; state: string }> {
  const input = { provider, intent, redirectUri: `${product.url}/social/return` };
  return (await ask(product, start, { input }, token)).startSocialLogin;
}

const link = `mutation ($input: LinkSocialAccountInput!) {
  linkSocialAccount(input: $input) { linkedAccount { id provider } userErrors { code } } }`;

const unlink = `mutation ($input: UnlinkSocialAccountInput!) {
  unlinkSocialAccount(input: $input) { userErrors { code } } }`;

const refresh = `mutation ($input: RefreshSessionInput!) {
  refreshSession(input: $input) { accessToken refreshToken userErrors { code } } }`;

/** What the page of the client app was given in its address. */
async function readReturn(page: Page): Promise<Record<string, string>> {
  await page.waitForURL(/\/social\/return\?/);
  await page.getByRole('heading', { name: 'Back from the provider' }).waitFor();
  return Object.fromEntries(new URL(page.url()).searchParams);
}

async function finish(product: Product, input: object): Promise<Json> {
  return (await ask(product, complete, { input })).completeSocialLogin;
}

/** Logs the demo customer in by a code; answers the tokens. */
async function logInByCode(product: Product): Promise<{ accessToken: string; refreshToken: string }> {
  const phoneNumber = '+919876543210';
  const asked = await ask(
    product,
    `mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { challenge { id } } }`,
    { input: { phoneNumber, purpose: 'LOGIN' } },
  );
  const code = await vi.waitFor(
    async () => {
      const [newest = ''] = await readInbox(product.sandboxUrl, phoneNumber);
      const sent = /(\d{6}) is your Descope/.exec(newest)?.[1];
      if (!sent) throw new Error('no code has come yet');
      return sent;
    },
    { timeout: 30_000, interval: 50 },
  );
  const { loginWithOtp } = await ask(
    product,
    `mutation ($input: LoginWithOtpInput!) { loginWithOtp(input: $input) { accessToken refreshToken } }`,
    { input: { challengeId: asked.requestOtp.challenge.id, code } },
  );
  return loginWithOtp;
}

describe.skipIf(!chromium)('Logging in at providers, in a browser', () => {
  it('goes through Google, Apple and Facebook', async () => {
    await using product = await Product.start('one process');
    const browser = await launchChromium(chromium ?? '');
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 820 } });

      const google = await begin(product, 'GOOGLE');
      await page.goto(google.authorizationUrl);
      await page.getByText('Asha Rao').click();
      await takePicture(page, 'social-google');
      await page.getByRole('button', { name: 'Continue' }).click();
      const back = await readReturn(page);
      await takePicture(page, 'social-return');
      expect(back.state).toBe(google.state);
      expect(await finish(product, back)).toMatchObject({
        accessToken: expect.any(String),
        user: { email: 'asha.rao@example.com', linkedAccounts: [{ provider: 'GOOGLE' }] },
      });

      const apple = await begin(product, 'APPLE');
      await page.goto(apple.authorizationUrl);
      await page.getByText('Somebody else').click();
      await page.getByLabel('First name').fill('Nila');
      await page.getByLabel('Last name').fill('Sen');
      await page.getByRole('textbox', { name: 'E-mail address' }).fill('nila.sen@example.com');
      await page.getByText('Hide my e-mail address').click();
      await takePicture(page, 'social-apple');
      await page.getByRole('button', { name: 'Continue' }).click();
      expect(await finish(product, await readReturn(page))).toMatchObject({
        user: {
          email: expect.stringMatching(/@privaterelay\.appleid\.com$/),
          linkedAccounts: [{ provider: 'APPLE', displayName: 'Nila Sen', isPrivateEmail: true }],
        },
      });

      const facebook = await begin(product, 'FACEBOOK');
      await page.goto(facebook.authorizationUrl);
      await page.getByText('Meera Das').click();
      await takePicture(page, 'social-facebook');
      await page.getByRole('button', { name: 'Continue' }).click();
      expect(await finish(product, await readReturn(page))).toMatchObject({
        user: { email: null, linkedAccounts: [{ provider: 'FACEBOOK', displayName: 'Meera Das' }] },
      });

      const cancelled = await begin(product, 'APPLE');
      await page.goto(cancelled.authorizationUrl);
      await page.getByRole('button', { name: 'Cancel' }).click();
      expect(await finish(product, await readReturn(page))).toMatchObject({
        accessToken: null,
        userErrors: [{ code: 'SOCIAL_LOGIN_DENIED' }],
      });
    } finally {
      await browser.close();
    }
  }, 120_000);

  it('goes through Descope when it is the back end, as do codes and sessions', async () => {
    await using product = await Product.start('one process', { IDENTITY_BACKEND: 'descope' });
    const browser = await launchChromium(chromium ?? '');
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 820 } });
      const { authorizationUrl } = await begin(product, 'GOOGLE');
      await page.goto(authorizationUrl);
      await takePicture(page, 'social-descope');
      await page.getByRole('button', { name: 'Continue' }).click();
      expect(await finish(product, await readReturn(page))).toMatchObject({
        user: { email: 'asha.rao@example.com', linkedAccounts: [{ provider: 'GOOGLE' }] },
      });

      const { accessToken: token, refreshToken } = await logInByCode(product);
      const { authorizationUrl: toLink } = await begin(product, 'FACEBOOK', { intent: 'LINK', token });
      await page.goto(toLink);
      await page.getByText('Meera Das').click();
      await page.getByRole('button', { name: 'Continue' }).click();
      const { linkSocialAccount } = await ask(product, link, { input: await readReturn(page) }, token);
      const { id, provider } = linkSocialAccount.linkedAccount;
      expect(provider).toBe('FACEBOOK');
      expect((await ask(product, '{ me { linkedAccounts { id } } }', {}, token)).me.linkedAccounts).toEqual([
        { id },
      ]);
      const unlinked = await ask(product, unlink, { input: { id } }, token);
      expect(unlinked.unlinkSocialAccount.userErrors).toEqual([]);

      const { refreshSession } = await ask(product, refresh, { input: { refreshToken } });
      expect(refreshSession.userErrors).toEqual([]);
      await ask(product, 'mutation { logout { userErrors { code } } }', {}, refreshSession.accessToken);
      const again = await ask(product, refresh, { input: { refreshToken: refreshSession.refreshToken } });
      expect(again.refreshSession.userErrors).toEqual([{ code: 'REFRESH_TOKEN_INVALID' }]);
    } finally {
      await browser.close();
    }
  }, 120_000);
});
