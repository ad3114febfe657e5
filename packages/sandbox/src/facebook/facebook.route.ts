import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import { fieldsOf, registerConsent } from '../oauth/consent.route.ts';
import { isPkceMet } from '../oauth/grants.ts';
import { subjectOf } from '../oauth/person.ts';
import { unixSeconds } from '../oauth/token-signer.ts';
import { FacebookError, facebookErrors } from './facebook.error.ts';
import type { Facebook, FacebookGrant } from './facebook.ts';

type Fields = Readonly<Record<string, string>>;

/** The dialog of www.facebook.com and the Graph API of graph.facebook.com, both below `/facebook`. */
export async function registerFacebook(
  app: FastifyInstance,
  { facebook, faults }: { facebook: Facebook; faults: Faults },
): Promise<void> {
  await app.register(formbody);
  addFaultHooks(app, faults);
  app.setErrorHandler((error, _request, reply) => {
    const answer = error instanceof FacebookError ? error : facebookErrors.unexpected();
    return reply.status(answer.status).send(answer.toBody());
  });
  const version = '/:version(^v\\d+\\.\\d+$)';
  registerConsent(app, `${version}/dialog/oauth`, facebook);

  app.route({
    method: ['GET', 'POST'],
    url: `${version}/oauth/access_token`,
    config: { call: 'facebook.exchange-code' },
    handler: async (request) => facebook.issueTokens(redeem(facebook, allFieldsOf(request))),
  });

  app.get(`${version}/me`, { config: { call: 'facebook.fetch-profile' } }, async (request) => {
    const { token, grant } = authenticate(facebook, request);
    const { fields = 'id,name', appsecret_proof: proof } = allFieldsOf(request);
    if (proof !== undefined && proof !== facebook.toProof(token)) throw facebookErrors.invalidProof();
    const wanted = new Set(['id', ...fields.split(',')]);
    const profile = Object.entries(facebook.toProfile(grant));
    return Object.fromEntries(profile.filter(([name]) => wanted.has(name)));
  });

  for (const url of ['/debug_token', `${version}/debug_token`])
    app.get(url, { config: { call: 'facebook.inspect-token' } }, async (request) =>
      inspect(facebook, allFieldsOf(request), faults),
    );

  app.get('/.well-known/oauth/openid/jwks/', { config: { call: 'facebook.fetch-keys' } }, async () =>
    facebook.signer.jwks(),
  );
}

/** The Graph API reads parameters from the query and from the form alike. */
function allFieldsOf(request: FastifyRequest): Fields {
  const query = z.record(z.string(), z.string()).catch({}).parse(request.query);
  return { ...query, ...fieldsOf(request) };
}

function redeem(facebook: Facebook, fields: Fields): FacebookGrant {
  const { appId, appSecret } = facebook.options;
  for (const name of ['client_id', 'redirect_uri', 'code'])
    if (fields[name] === undefined) throw facebookErrors.missing(name);
  if (fields.client_id !== appId || fields.client_secret !== appSecret) throw facebookErrors.wrongSecret();
  const grant = facebook.codes.take(fields.code ?? '');
  if (grant === null) throw facebookErrors.usedCode();
  if (fields.redirect_uri !== grant.request.redirectUri) throw facebookErrors.wrongRedirect();
  if (!isPkceMet(grant.request, fields.code_verifier)) throw facebookErrors.wrongVerifier();
  return grant;
}

function authenticate(facebook: Facebook, request: FastifyRequest): { token: string; grant: FacebookGrant } {
  const [, bearer] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const token = bearer ?? allFieldsOf(request).access_token ?? '';
  const grant = facebook.accessTokens.find(token);
  if (grant === null) throw facebookErrors.invalidToken();
  return { token, grant };
}

async function inspect(facebook: Facebook, fields: Fields, faults: Faults): Promise<object> {
  const { appId, appSecret } = facebook.options;
  if (fields.access_token !== `${appId}|${appSecret}`) throw facebookErrors.invalidToken();
  const signal = new AbortController().signal;
  const fault = await faults.strike({ call: 'facebook.describe-token', step: 'before', signal });
  const grant = facebook.accessTokens.find(fields.input_token ?? '');
  if (grant === null || fault?.name === 'invalid-token')
    return {
      data: {
        error: { code: 190, message: 'Malformed access token' },
        is_valid: false,
        scopes: [],
      },
    };
  return {
    data: {
      app_id: fault?.name === 'another-app' ? '999999999999999' : appId,
      type: 'USER',
      application: 'Suvidha',
      data_access_expires_at: unixSeconds() + 90 * 86_400,
      expires_at: unixSeconds() + 60 * 86_400,
      is_valid: true,
      scopes: facebook.grantedScopes(grant),
      user_id: fault?.name === 'another-person' ? '1' : subjectOf('facebook', grant.consent.person),
    },
  };
}
