import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isBasicAuth } from '../basic-auth.ts';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import { fieldsOf, registerConsent } from '../oauth/consent.route.ts';
import { isPkceMet } from '../oauth/grants.ts';
import { originOf } from '../oauth/origin.ts';
import type { Google, GoogleGrant } from './google.ts';

/** A refusal in the shape of RFC 6749 §5.2. */
class GoogleError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Google's endpoints, all below `/google`; at home they are spread over four hosts, which discovery names. */
export async function registerGoogle(
  app: FastifyInstance,
  { google, faults, publicUrl }: { google: Google; faults: Faults; publicUrl: string | undefined },
): Promise<void> {
  await app.register(formbody);
  addFaultHooks(app, faults);
  app.setErrorHandler((error, _request, reply) => {
    const { status, code, message } =
      error instanceof GoogleError ? error : new GoogleError(500, 'internal_failure', 'Backend Error');
    return reply.status(status).send({ error: code, error_description: message });
  });
  registerConsent(app, '/o/oauth2/v2/auth', google);

  const config = { call: 'google.discover' } as const;
  app.get('/.well-known/openid-configuration', { config }, async (request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').send(describe(originOf(request), publicUrl)),
  );

  app.get('/oauth2/v3/certs', { config: { call: 'google.fetch-keys' } }, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=19000').send(await google.signer.jwks()),
  );

  app.post('/token', { config: { call: 'google.exchange-code' } }, async (request, reply) => {
    const grant = redeem(google, request);
    const tokens = await google.issueTokens(grant, `${originOf(request)}/google`);
    return reply.header('cache-control', 'no-store').send(tokens);
  });

  app.get('/v1/userinfo', { config: { call: 'google.fetch-userinfo' } }, async (request) => {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const grant = google.accessTokens.find(token);
    if (grant === null) throw new GoogleError(401, 'invalid_request', 'Invalid Credentials');
    return google.toUserInfo(grant);
  });

  app.post('/revoke', { config: { call: 'google.revoke-token' } }, async (request) => {
    // Google's own client names it in the address, others in the form (RFC 7009 §2.1).
    const { token = '' } = { ...fieldsOf({ body: request.query }), ...fieldsOf(request) };
    if (google.accessTokens.take(token) === null)
      throw new GoogleError(400, 'invalid_token', 'Token expired or revoked');
    return {};
  });
}

function redeem(google: Google, request: FastifyRequest): GoogleGrant {
  const form = fieldsOf(request);
  assertClient(google, request, form);
  if (form.grant_type !== 'authorization_code')
    throw new GoogleError(400, 'unsupported_grant_type', `Invalid grant_type: ${form.grant_type ?? ''}`);
  if (form.code === undefined)
    throw new GoogleError(400, 'invalid_request', 'Missing required parameter: code');
  const grant = google.codes.take(form.code);
  if (grant === null) throw new GoogleError(400, 'invalid_grant', 'Malformed auth code.');
  if (form.redirect_uri !== grant.request.redirectUri)
    throw new GoogleError(400, 'redirect_uri_mismatch', 'Bad Request');
  if (!isPkceMet(grant.request, form.code_verifier))
    throw new GoogleError(400, 'invalid_grant', 'Invalid code verifier.');
  return grant;
}

function assertClient(
  { options }: Google,
  request: FastifyRequest,
  form: Readonly<Record<string, string>>,
): void {
  const isByForm = form.client_id === options.clientId && form.client_secret === options.clientSecret;
  const credentials = { user: options.clientId, password: options.clientSecret };
  if (!isByForm && !isBasicAuth(request.headers.authorization, credentials))
    throw new GoogleError(401, 'invalid_client', 'The OAuth client was not found.');
}

/** Discovery (OpenID Connect Discovery 1.0 §3). Where people are sent may have another name outside. */
function describe(origin: string, publicUrl = origin): Record<string, unknown> {
  return {
    issuer: `${origin}/google`,
    authorization_endpoint: `${publicUrl}/google/o/oauth2/v2/auth`,
    token_endpoint: `${origin}/google/token`,
    userinfo_endpoint: `${origin}/google/v1/userinfo`,
    revocation_endpoint: `${origin}/google/revoke`,
    jwks_uri: `${origin}/google/oauth2/v3/certs`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: [
      'aud',
      'email',
      'email_verified',
      'exp',
      'family_name',
      'given_name',
      'iat',
      'iss',
      'name',
      'picture',
      'sub',
    ],
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code'],
  };
}
