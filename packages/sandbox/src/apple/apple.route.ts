import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import { fieldsOf, registerConsent } from '../oauth/consent.route.ts';
import { originOf } from '../oauth/origin.ts';
import type { Apple, AppleGrant } from './apple.ts';

/** Apple answers every refusal with 400 and one word. */
class AppleError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, status = 400) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

type Form = Readonly<Record<string, string>>;

/** Apple's endpoints below `/apple`. */
export async function registerApple(
  app: FastifyInstance,
  { apple, faults, publicUrl }: { apple: Apple; faults: Faults; publicUrl: string | undefined },
): Promise<void> {
  await app.register(formbody);
  addFaultHooks(app, faults);
  app.setErrorHandler((error, _request, reply) => {
    const { code, status } = error instanceof AppleError ? error : new AppleError('server_error', 500);
    return reply.status(status).send({ error: code });
  });
  registerConsent(app, '/auth/authorize', apple);

  const config = { call: 'apple.discover' } as const;
  app.get('/.well-known/openid-configuration', { config }, async (request) =>
    describe(originOf(request), publicUrl),
  );
  app.get('/auth/keys', { config: { call: 'apple.fetch-keys' } }, async () => apple.signer.jwks());

  app.post('/auth/token', { config: { call: 'apple.exchange-code' } }, async (request) => {
    const form = fieldsOf(request);
    await assertClient(apple, request, form);
    const { grant, isFirst } = redeem(apple, form);
    return apple.issueTokens(grant, issuerOf(request), isFirst);
  });

  app.post('/auth/revoke', { config: { call: 'apple.revoke-token' } }, async (request, reply) => {
    const form = fieldsOf(request);
    await assertClient(apple, request, form);
    const grant = apple.refreshTokens.take(form.token ?? '');
    if (grant !== null) apple.forget(grant);
    // Also for a token that is not known (RFC 7009 §2.2).
    return reply.status(200).send();
  });
}

function issuerOf(request: FastifyRequest): string {
  return `${originOf(request)}/apple`;
}

async function assertClient(apple: Apple, request: FastifyRequest, form: Form): Promise<void> {
  const isClient = form.client_id === apple.options.clientId;
  if (!isClient || !(await apple.isClientSecret(form.client_secret ?? '', issuerOf(request))))
    throw new AppleError('invalid_client');
}

function redeem(apple: Apple, form: Form): { grant: AppleGrant; isFirst: boolean } {
  if (form.grant_type === 'refresh_token') {
    const grant = apple.refreshTokens.find(form.refresh_token ?? '');
    if (grant === null) throw new AppleError('invalid_grant');
    return { grant, isFirst: false };
  }
  if (form.grant_type !== 'authorization_code') throw new AppleError('unsupported_grant_type');
  const grant = apple.codes.take(form.code ?? '');
  if (grant === null || form.redirect_uri !== grant.request.redirectUri)
    throw new AppleError('invalid_grant');
  return { grant, isFirst: true };
}

function describe(origin: string, publicUrl = origin): Record<string, unknown> {
  return {
    issuer: `${origin}/apple`,
    authorization_endpoint: `${publicUrl}/apple/auth/authorize`,
    token_endpoint: `${origin}/apple/auth/token`,
    revocation_endpoint: `${origin}/apple/auth/revoke`,
    jwks_uri: `${origin}/apple/auth/keys`,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'name'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    claims_supported: [
      'aud',
      'email',
      'email_verified',
      'exp',
      'iat',
      'is_private_email',
      'iss',
      'nonce',
      'nonce_supported',
      'real_user_status',
      'sub',
      'transfer_sub',
    ],
  };
}
