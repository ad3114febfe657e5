import { randomBytes } from 'node:crypto';
import type { Html } from '@suvidha/html';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  AuthorizationRefused,
  type BrowserAnswer,
  type Consent,
  type ConsentParty,
} from './authorization.ts';
import { renderConsentPage, renderFormPost, renderRefusal } from './consent.page.ts';
import { personInput, testPeople } from './person.ts';

const decision = z.object({
  decision: z.enum(['allow', 'deny']),
  account: z.string().default('typed'),
  email_choice: z.enum(['share', 'hide', 'refuse']).optional(),
});

/**
 * The page where a person consents: opened by `GET`, answered by posting its form to the same address.
 * The scope must read forms.
 */
export function registerConsent(app: FastifyInstance, path: string, party: ConsentParty): void {
  app.get(path, async (request, reply) =>
    answerPage(party, reply, () => {
      party.read(request.query);
      return renderConsentPage(party.brand);
    }),
  );

  app.post(path, async (request, reply) =>
    answerPage(party, reply, () => {
      const answer = decide(party, request);
      if (answer.method === 'GET') return answer.url;
      const nonce = randomBytes(16).toString('base64');
      return { page: renderFormPost(party.brand, answer, nonce), script: `'nonce-${nonce}'` };
    }),
  );
}

/** What the person's decision makes their browser do. */
export function decide(party: ConsentParty, click: { query: unknown; body: unknown }): BrowserAnswer {
  const request = party.read(click.query);
  const result = decision.safeParse(click.body);
  if (!result.success) throw new AuthorizationRefused('invalid_request', 'The form is not valid.');
  const isAllowed = result.data.decision === 'allow';
  return party.answer(request, isAllowed ? toConsent(party, result.data, click.body) : null);
}

function toConsent(party: ConsentParty, form: z.output<typeof decision>, body: unknown): Consent {
  const { emailChoices } = party.brand;
  const email = form.email_choice ?? emailChoices[0] ?? 'share';
  if (!emailChoices.includes(email))
    throw new AuthorizationRefused('invalid_request', 'This provider knows no such choice.');
  const typed = personInput.safeParse(body);
  const person = testPeople[form.account] ?? (typed.success ? typed.data : undefined);
  if (person === undefined) throw new AuthorizationRefused('invalid_request', 'The person is not valid.');
  return { person, email };
}

type Answered = Html | string | { readonly page: Html; readonly script: string };

async function answerPage(
  party: ConsentParty,
  reply: FastifyReply,
  answer: () => Answered,
): Promise<FastifyReply> {
  try {
    const answered = answer();
    if (typeof answered === 'string') return reply.redirect(answered, 303);
    return 'page' in answered
      ? sendPage(reply, 200, answered.page, answered.script)
      : sendPage(reply, 200, answered);
  } catch (error) {
    if (error instanceof AuthorizationRefused) return sendPage(reply, 400, renderRefusal(party.brand, error));
    throw error;
  }
}

/** Nothing but our own style, the one script named here, and forms that lead back to the app. */
function sendPage(reply: FastifyReply, status: number, page: Html, script = "'none'"): FastifyReply {
  return reply
    .status(status)
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; img-src data:; script-src ${script}; form-action 'self' http: https:; base-uri 'none'`,
    )
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.text);
}

/** The fields of a form or query, as text. */
export function fieldsOf(request: Pick<FastifyRequest, 'body'>): Readonly<Record<string, string>> {
  return z
    .record(z.string(), z.string())
    .catch({})
    .parse(request.body ?? {});
}
