import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import { acceptEmptyJson } from '../empty-json.ts';
import { originOf } from '../oauth/origin.ts';
import { DescopeError, descopeErrors } from './descope.error.ts';
import type { DeliveryMethod, Descope } from './descope.ts';

const method = z.enum(['sms', 'email', 'whatsapp', 'voice']);
const phone = /^\+[1-9]\d{6,14}$/;

type MethodParams = { Params: { method: string } };

/** Descope's REST API below `/descope`, as its Node SDK calls it. */
export function registerDescope(
  app: FastifyInstance,
  { descope, faults, publicUrl }: { descope: Descope; faults: Faults; publicUrl: string | undefined },
): void {
  app.setErrorHandler((error, _request, reply) => {
    const answer = toDescopeError(error);
    if (answer.status === 429) reply.header('retry-after', '60');
    return reply.status(answer.status).send(answer.toBody());
  });
  acceptEmptyJson(app);
  app.addHook('onRequest', async (request) => {
    if (readBearer(request).projectId !== descope.projectId) throw descopeErrors.unauthorized();
  });
  addFaultHooks(app, faults);
  registerOtp(app, descope, faults);
  registerOAuth(app, descope, publicUrl);
  registerSessions(app, descope);
}

function registerOtp(app: FastifyInstance, descope: Descope, faults: Faults): void {
  for (const mode of ['signin', 'signup', 'signup-in'] as const)
    app.post<MethodParams>(
      `/v1/auth/otp/${mode}/:method`,
      { config: { call: 'descope.send-otp' } },
      async (request) => {
        await strikeRefusal(faults);
        const channel = readMethod(request.params.method);
        const loginId = readText(request, 'loginId');
        if (channel === 'email' ? !z.email().safeParse(loginId).success : !phone.test(loginId))
          throw descopeErrors.invalid('loginId');
        descope.sendCode(channel, loginId, mode);
        return channel === 'email'
          ? { maskedEmail: loginId.replace(/^(.).*@/, '$1*****@') }
          : { maskedPhone: `${'*'.repeat(loginId.length - 4)}${loginId.slice(-4)}` };
      },
    );

  app.post<MethodParams>(
    '/v1/auth/otp/verify/:method',
    { config: { call: 'descope.verify-otp' } },
    async (request) => {
      await strikeRefusal(faults);
      const channel = readMethod(request.params.method);
      return descope.verifyCode(channel, readText(request, 'loginId'), readText(request, 'code'));
    },
  );
}

const startQuery = z.object({ provider: z.enum(['google', 'facebook', 'apple']), redirectURL: z.url() });

function registerOAuth(app: FastifyInstance, descope: Descope, publicUrl: string | undefined): void {
  app.post('/v1/auth/oauth/authorize', { config: { call: 'descope.start-oauth' } }, async (request) => {
    const query = startQuery.safeParse(request.query);
    if (!query.success) throw descopeErrors.invalid(String(query.error.issues[0]?.path[0] ?? 'query'));
    const { provider, redirectURL: redirectUrl } = query.data;
    const flow = descope.flows.issue({ provider, redirectUrl });
    return { url: `${publicUrl ?? originOf(request)}/descope-login?flow=${flow}` };
  });

  app.post('/v1/auth/oauth/exchange', { config: { call: 'descope.exchange-code' } }, async (request) =>
    descope.exchange(readText(request, 'code')),
  );
}

function registerSessions(app: FastifyInstance, descope: Descope): void {
  app.post('/v1/auth/refresh', { config: { call: 'descope.refresh' } }, async (request) =>
    descope.refresh(readBearer(request).token),
  );
  app.post('/v1/auth/logout', { config: { call: 'descope.logout' } }, async (request) => {
    await descope.logout(readBearer(request).token);
    return {};
  });
  app.post('/v1/auth/logoutall', { config: { call: 'descope.logout' } }, async (request) => {
    await descope.logoutAll(readBearer(request).token);
    return {};
  });
  app.get('/v1/auth/me', { config: { call: 'descope.fetch-user' } }, async (request) =>
    descope.me(readBearer(request).token),
  );
  app.get<{ Params: { projectId: string } }>(
    '/v2/keys/:projectId',
    { config: { call: 'descope.fetch-keys' } },
    async (request) => {
      if (request.params.projectId !== descope.projectId) throw descopeErrors.unauthorized();
      return descope.signer.jwks();
    },
  );
}

/** Refusals that a script can ask for, beside those that a request deserves. */
async function strikeRefusal(faults: Faults): Promise<void> {
  const signal = new AbortController().signal;
  const fault = await faults.strike({ call: 'descope.refuse-otp', step: 'before', signal });
  if (fault?.name === 'rate-limited') throw descopeErrors.rateLimited();
  if (fault?.name === 'expired') throw descopeErrors.codeExpired();
  if (fault?.name === 'too-many-attempts') throw descopeErrors.tooManyAttempts();
}

/** `Bearer <projectId>`, or `Bearer <projectId>:<token>`. */
function readBearer(request: FastifyRequest): { projectId: string; token: string } {
  const [, projectId = '', token = ''] =
    /^Bearer ([^:]+)(?::(.+))?$/.exec(request.headers.authorization ?? '') ?? [];
  return { projectId, token };
}

function readMethod(text: string): DeliveryMethod {
  const result = method.safeParse(text);
  if (!result.success) throw descopeErrors.invalid('method');
  return result.data;
}

function readText(request: FastifyRequest, field: string): string {
  const body = z.record(z.string(), z.unknown()).catch({}).parse(request.body);
  const value = body[field];
  if (value === undefined || value === '') throw descopeErrors.missing(field);
  if (typeof value !== 'string') throw descopeErrors.invalid(field);
  return value;
}

function toDescopeError(error: unknown): DescopeError {
  if (error instanceof DescopeError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status < 500 ? descopeErrors.malformed() : descopeErrors.internal();
}
