import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  AuthorizationRefused,
  type AuthorizationRequest,
  type BrowserAnswer,
  type Consent,
  type ConsentParty,
} from '../oauth/authorization.ts';
import { registerConsent } from '../oauth/consent.route.ts';
import type { Descope } from './descope.ts';

const query = z.object({ flow: z.string() });

/** The provider's page and Descope behind it, played as one: where the address of `oauth.start` leads. */
export class DescopeLogin implements ConsentParty {
  readonly brand = {
    name: 'Descope',
    className: 'descope',
    appName: 'Suvidha',
    emailChoices: ['share', 'refuse'],
  } as const;
  private readonly descope: Descope;

  constructor(descope: Descope) {
    this.descope = descope;
  }

  /** The flow knows everything; nothing but its number is in the address. */
  read(input: unknown): AuthorizationRequest {
    const flow = query.safeParse(input).data?.flow ?? '';
    const started = this.descope.flows.find(flow);
    if (started === null) throw new AuthorizationRefused('invalid_request', 'This login is over.');
    return {
      clientId: started.provider,
      redirectUri: started.redirectUrl,
      scopes: [],
      state: flow,
      nonce: null,
      codeChallenge: null,
      codeChallengeMethod: 'plain',
      responseType: 'code',
      responseMode: null,
    };
  }

  answer(request: AuthorizationRequest, consent: Consent | null): BrowserAnswer {
    this.descope.flows.revoke(request.state ?? '');
    const provider = request.clientId;
    const [name, value] =
      consent === null
        ? ['err', 'access_denied']
        : ['code', this.descope.oauthCodes.issue({ provider, consent })];
    const url = new URL(request.redirectUri);
    url.searchParams.set(name, value);
    return { method: 'GET', url: url.href, fields: { [name]: value } };
  }
}

/** The page at `/descope-login`. */
export async function registerDescopeLogin(app: FastifyInstance, login: DescopeLogin): Promise<void> {
  await app.register(formbody);
  registerConsent(app, '/descope-login', login);
}
