import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UserActor } from '@suvidha/auth';
import type { Sandbox } from '@suvidha/sandbox';
import { fastify } from 'fastify';
import { type IdentityFixture, type Json, startIdentity } from './identity.fixture.ts';
import { Steps } from './steps.ts';

export const redirectUri = 'http://localhost:3000/login';
export type Provider = 'GOOGLE' | 'FACEBOOK' | 'APPLE';
export const providers: readonly Provider[] = ['GOOGLE', 'FACEBOOK', 'APPLE'];

/** What came back to the client app with the person. */
export type Returned = Readonly<Record<string, string>>;

/** The subgraph with its callbacks listened for over HTTP, and providers that know it. */
export interface SocialFixture extends IdentityFixture {
  readonly steps: Steps;
  readonly people: SocialSteps;
  /** Address below which providers send people back. */
  readonly callbackBase: string;
}

const userErrors = 'userErrors { code message field }';

const documents = {
  startSocialLogin: `mutation ($input: StartSocialLoginInput!) {
    startSocialLogin(input: $input) { authorizationUrl state expiresAt ${userErrors} } }`,
  completeSocialLogin: `mutation ($input: CompleteSocialLoginInput!) { completeSocialLogin(input: $input) {
    accessToken refreshToken user { id email roles linkedAccounts {
      id provider email isPrivateEmail displayName } } ${userErrors} } }`,
  linkSocialAccount: `mutation ($input: LinkSocialAccountInput!) {
    linkSocialAccount(input: $input) { linkedAccount { id provider email } ${userErrors} } }`,
  unlinkSocialAccount: `mutation ($input: UnlinkSocialAccountInput!) {
    unlinkSocialAccount(input: $input) { ${userErrors} } }`,
};

/** @param backEnd who talks to the providers; default: we do */
export async function startSocial({
  backEnd = 'own',
}: {
  backEnd?: 'own' | 'descope';
} = {}): Promise<SocialFixture> {
  let handle: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const callbackBase = `http://localhost:${(server.address() as AddressInfo).port}`;
  const fixture = await startIdentity({
    env: async (sandbox) => ({
      ...(await toProviderEnv(sandbox)),
      IDENTITY_BACKEND: backEnd,
      SOCIAL_CALLBACK_URL: callbackBase,
      SOCIAL_REDIRECT_URIS: `WEB=${redirectUri},WEB=http://localhost:*/anywhere,MOBILE=example.suvidha:/login,ADMIN=${redirectUri}`,
    }),
  });
  const routes = fastify();
  await routes.register(fixture.app.routes);
  await routes.ready();
  handle = routes.routing;
  return {
    ...fixture,
    callbackBase,
    steps: new Steps(fixture),
    people: new SocialSteps(fixture),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await routes.close();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

/** Registers the app's key with Apple, as a developer does in its console. */
async function toProviderEnv(sandbox: Sandbox): Promise<Record<string, string>> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await control(sandbox, 'POST', '/apple-key', {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  });
  return {
    GOOGLE_ISSUER: `${sandbox.url}/google`,
    GOOGLE_CLIENT_ID: '100000000000-sandbox.apps.googleusercontent.com',
    GOOGLE_CLIENT_SECRET: 'sandbox_google_secret',
    FACEBOOK_DIALOG_URL: `${sandbox.url}/facebook/v24.0/dialog/oauth`,
    FACEBOOK_GRAPH_URL: `${sandbox.url}/facebook/v24.0`,
    FACEBOOK_APP_ID: '100000000000000',
    FACEBOOK_APP_SECRET: 'sandbox_app_secret',
    APPLE_ISSUER: `${sandbox.url}/apple`,
    APPLE_CLIENT_ID: 'example.suvidha.web',
    APPLE_TEAM_ID: 'SANDBOXTEA',
    APPLE_KEY_ID: 'SANDBOXKEY',
    APPLE_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    DESCOPE_BASE_URL: `${sandbox.url}/descope`,
    DESCOPE_PROJECT_ID: 'P2SandboxSandboxSandboxSand',
  };
}

export async function control(
  sandbox: Pick<Sandbox, 'url'>,
  method: string,
  path: string,
  body?: object,
): Promise<Json> {
  const response = await fetch(`${sandbox.url}/control${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the sandbox refused ${path}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

let lastPerson = 0;

/** Somebody whom no other test knows, whose address their provider has verified. */
export function newPerson(more: object = {}): { email: string; email_verified: boolean } & Json {
  lastPerson += 1;
  const email = `social${lastPerson}@example.com`;
  return { first_name: 'Nila', last_name: `Sen${lastPerson}`, email, email_verified: true, ...more };
}

/** What people do to log in at a provider. */
export class SocialSteps {
  readonly #fixture: IdentityFixture;

  constructor(fixture: IdentityFixture) {
    this.#fixture = fixture;
  }

  start(provider: Provider, more: object = {}, actor?: UserActor): Promise<Json> {
    return this.do('startSocialLogin', { provider, redirectUri, ...more }, actor);
  }

  /** What the browser brings back to the client app from the provider's page, by way of our callback. */
  async consent(authorizationUrl: string, how: object): Promise<Returned> {
    return this.follow(await this.decide(authorizationUrl, how));
  }

  /** What the provider's page makes the browser do. */
  decide(authorizationUrl: string, how: object): Promise<Json> {
    return control(this.#fixture.sandbox, 'POST', '/consent', { authorizationUrl, ...how });
  }

  async follow({ method, url, fields }: Json): Promise<Returned> {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      ...(method === 'POST' && { body: new URLSearchParams(fields) }),
    });
    const location = response.headers.get('location');
    if (response.status !== 303 || !location) throw new Error(`the callback answered ${response.status}`);
    return Object.fromEntries(new URL(location).searchParams);
  }

  /** Begins at a provider and consents; answers what came back. */
  async visit(provider: Provider, how: object, more: object = {}, actor?: UserActor): Promise<Returned> {
    const { authorizationUrl, userErrors } = await this.start(provider, more, actor);
    if (!authorizationUrl) throw new Error(JSON.stringify(userErrors));
    return this.consent(authorizationUrl, how);
  }

  complete(input: object): Promise<Json> {
    return this.do('completeSocialLogin', toInput(input));
  }

  /** All of it. */
  async login(provider: Provider, how: object, more: object = {}): Promise<Json> {
    return this.complete(await this.visit(provider, how, more));
  }

  link(input: object, actor: UserActor): Promise<Json> {
    return this.do('linkSocialAccount', toInput(input), actor);
  }

  unlink(id: string, actor: UserActor): Promise<Json> {
    return this.do('unlinkSocialAccount', { id }, actor);
  }

  /** Lets the next call at a provider go wrong. */
  async strike(party: string, call: string, fault: string, more: object = {}): Promise<void> {
    await control(this.#fixture.sandbox, 'POST', '/scenario', { party, call, fault, ...more });
  }

  async do(name: keyof typeof documents, input: object, actor?: UserActor): Promise<Json> {
    const { data, errors } = await this.#fixture.execute(documents[name], { input }, actor);
    if (errors) throw new Error(JSON.stringify(errors));
    return data[name];
  }
}

/** The fields that came back, by the names of the input. */
function toInput({ iss, ...fields }: Json): Json {
  return { ...fields, ...(iss && { issuer: iss }) };
}
