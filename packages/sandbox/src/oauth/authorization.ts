import { z } from 'zod';
import type { Person } from './person.ts';

/** What an app asks of a provider in the browser's address (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1). */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
  readonly codeChallengeMethod: string;
  readonly responseType: string;
  readonly responseMode: string | null;
}

/** What the person does on the consent page. */
export interface Consent {
  readonly person: Person;
  /** `share` as it is, `hide` behind a relay address, `refuse` to give any. */
  readonly email: 'share' | 'hide' | 'refuse';
}

/** What the browser does next: opens an address, or posts a form to it. */
export interface BrowserAnswer {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Of the form, or of the query that `url` has already. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A provider at which people consent. */
export interface ConsentParty {
  readonly brand: Brand;
  /** @throws AuthorizationRefused when the app asked wrongly; the person is told, not the app. */
  read(query: unknown): AuthorizationRequest;
  /** Null: the person declined. */
  answer(request: AuthorizationRequest, consent: Consent | null): BrowserAnswer;
}

/** How a consent page looks. */
export interface Brand {
  readonly name: string;
  /** The class of the page, which `consent.css` colours. */
  readonly className: string;
  readonly appName: string;
  /** How the person may treat their e-mail address; the first is the default. */
  readonly emailChoices: readonly Consent['email'][];
}

/** An authorization request that cannot be answered by sending the person back. */
export class AuthorizationRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const optional = z.string().min(1).nullable().default(null);

const query = z
  .object({
    client_id: z.string().min(1),
    redirect_uri: z.url(),
    scope: z.string().default(''),
    state: optional,
    nonce: optional,
    code_challenge: optional,
    code_challenge_method: z.enum(['S256', 'plain']).default('plain'),
    response_type: z.string().default(''),
    response_mode: optional,
  })
  .transform(
    (input): AuthorizationRequest => ({
      clientId: input.client_id,
      redirectUri: input.redirect_uri,
      // Facebook's documents separate scopes by commas, everybody else's by spaces.
      scopes: input.scope.split(/[\s,]+/).filter((scope) => scope !== ''),
      state: input.state,
      nonce: input.nonce,
      codeChallenge: input.code_challenge,
      codeChallengeMethod: input.code_challenge_method,
      responseType: input.response_type,
      responseMode: input.response_mode,
    }),
  );

/**
 * Reads what all providers ask for alike.
 *
 * Providers know the addresses of an app by heart. Here https and this machine are known, and no others. Apple itself
 * knows no address of this machine, and is lenient here so that a demo can run.
 *
 * @throws AuthorizationRefused
 */
export function readAuthorization(
  input: unknown,
  expected: { clientId: string; responseTypes: readonly string[] },
): AuthorizationRequest {
  const result = query.safeParse(input);
  if (!result.success)
    throw new AuthorizationRefused(
      'invalid_request',
      `Missing or not valid: ${result.error.issues[0]?.path.join('.')}`,
    );
  const request = result.data;
  if (request.clientId !== expected.clientId)
    throw new AuthorizationRefused('invalid_client', 'The OAuth client was not found.');
  if (!isRedirectUri(request.redirectUri))
    throw new AuthorizationRefused(
      'redirect_uri_mismatch',
      'The redirect URI is not one of those registered.',
    );
  if (!expected.responseTypes.includes(request.responseType))
    throw new AuthorizationRefused('unsupported_response_type', 'This response type is not supported.');
  return request;
}

function isRedirectUri(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  const isHere = protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);
  return protocol === 'https:' || isHere;
}

/** Back to the app by address, with these fields in its query. */
export function backByQuery(
  request: AuthorizationRequest,
  fields: Record<string, string | null>,
): BrowserAnswer {
  const present = presentOf({ ...fields, state: request.state });
  const url = new URL(request.redirectUri);
  for (const [name, value] of Object.entries(present)) url.searchParams.set(name, value);
  return { method: 'GET', url: url.href, fields: present };
}

/** Back to the app by a form that the browser posts (OAuth 2.0 Form Post Response Mode). */
export function backByForm(
  request: AuthorizationRequest,
  fields: Record<string, string | null>,
): BrowserAnswer {
  return {
    method: 'POST',
    url: request.redirectUri,
    fields: presentOf({ ...fields, state: request.state }),
  };
}

function presentOf(fields: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
