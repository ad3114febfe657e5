import { randomBytes } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { FcmError, fcmErrors } from './fcm.error.ts';
import { type FcmMessage, sendBody } from './message.schema.ts';
import { FirebaseProject } from './service-account.ts';

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_SECONDS = 3599;
const MAX_PAYLOAD_BYTES = 4096;

const tokenForm = z.object({ grant_type: z.literal(GRANT_TYPE), assertion: z.string() });

/** Tokens of apps that are gone, and tokens that never were one. Any other reaches its app. */
const GONE = /^unregistered/;
const MALFORMED = /^malformed/;

/** Firebase Cloud Messaging, HTTP v1, and Google's token endpoint, below `/fcm`. */
export class Fcm {
  private readonly project = new FirebaseProject();
  private readonly inbox: Inbox;
  private readonly faults: Faults;
  private readonly accessTokens = new Set<string>();

  constructor({ inbox, faults }: { inbox: Inbox; faults: Faults }) {
    this.inbox = inbox;
    this.faults = faults;
  }

  async register(app: FastifyInstance): Promise<void> {
    await app.register(formbody);
    app.setErrorHandler((error, _request, reply) => {
      const answer = toFcmError(error);
      return reply.status(answer.status).send(answer.toBody());
    });
    app.setNotFoundHandler(() => {
      throw fcmErrors.notFound();
    });
    addFaultHooks(app, this.faults);
    app.get('/service-account.json', async (request) =>
      this.project.file(`${request.protocol}://${request.host}`),
    );
    app.post('/token', { config: { call: 'fcm.fetch-token' } }, async (request, reply) => {
      const token = await this.issueToken(request.body, `${request.protocol}://${request.host}/fcm/token`);
      if (token === null) return reply.status(400).send({ error: 'invalid_grant' });
      return { access_token: token, expires_in: TOKEN_SECONDS, token_type: 'Bearer' };
    });
    app.post<{ Params: { target: string } }>(
      `/v1/projects/${this.project.id}/:target`,
      { config: { call: 'fcm.send-message' } },
      async (request) => {
        this.assertToken(request.headers.authorization);
        if (request.params.target !== 'messages:send') throw fcmErrors.notFound();
        return { name: this.send(request.body) };
      },
    );
  }

  /** RFC 7523: the assertion must be signed by the account's key, for this endpoint, and young. */
  private async issueToken(form: unknown, audience: string): Promise<string | null> {
    const parsed = tokenForm.safeParse(form);
    if (!parsed.success) return null;
    const { clientEmail: issuer } = this.project;
    const checks = { issuer, audience, algorithms: ['RS256'], maxTokenAge: '1h' };
    const verified = await jwtVerify(parsed.data.assertion, await this.project.publicKey(), checks).catch(
      () => null,
    );
    if (verified?.payload.scope !== SCOPE) return null;
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    this.accessTokens.add(token);
    return token;
  }

  /** From now on no access token is good, as when Google revokes them. */
  revokeTokens(): void {
    this.accessTokens.clear();
  }

  private assertToken(authorization: string | undefined): void {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined || !this.accessTokens.has(token)) throw fcmErrors.unauthenticated();
  }

  private send(body: unknown): string {
    const parsed = sendBody.safeParse(body);
    if (!parsed.success) throw fcmErrors.invalid(parsed.error.issues[0]?.path.join('.') ?? 'message');
    const { message, validate_only: isTrial = false } = parsed.data;
    refuse(message);
    const { title, body: text } = message.notification;
    if (!isTrial) this.inbox.add({ channel: 'PUSH', to: message.token, subject: title, text });
    return `projects/${this.project.id}/messages/${randomBytes(8).toString('hex')}`;
  }
}

function refuse(message: FcmMessage): void {
  if (MALFORMED.test(message.token)) throw fcmErrors.invalid('message.token');
  if (GONE.test(message.token)) throw fcmErrors.unregistered();
  const { token: _token, ...payload } = message;
  if (Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD_BYTES) throw fcmErrors.invalid('message');
}

function toFcmError(error: unknown): FcmError {
  if (error instanceof FcmError) return error;
  const isThrottled = error instanceof Error && 'statusCode' in error && error.statusCode === 429;
  return isThrottled ? fcmErrors.quotaExceeded() : fcmErrors.internal();
}
