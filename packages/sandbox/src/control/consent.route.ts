import type { FastifyInstance } from 'fastify';
import { AuthorizationRefused, type ConsentParty } from '../oauth/authorization.ts';
import { decide } from '../oauth/consent.route.ts';
import { ControlError } from './control.error.ts';
import { consentBody, parseControl } from './control.schema.ts';

/** Parties at which people consent, by the end of the path of their page. */
export type ConsentParties = Readonly<Record<string, ConsentParty>>;

/** Plays the person on a consent page (`POST /consent`); answers what their browser does next. */
export function registerConsentControl(app: FastifyInstance, parties: ConsentParties): void {
  app.post('/consent', async (request) => {
    const { authorizationUrl, decision, person, email } = parseControl(consentBody, request.body);
    const { pathname, searchParams } = new URL(authorizationUrl);
    const [, party] = Object.entries(parties).find(([path]) => pathname.endsWith(path)) ?? [];
    if (party === undefined) throw refusal('consent-page');
    const form = { decision, ...person, ...(email === undefined ? {} : { email_choice: email }) };
    try {
      return decide(party, { query: Object.fromEntries(searchParams), body: form });
    } catch (error) {
      if (error instanceof AuthorizationRefused) throw refusal(error.code);
      throw error;
    }
  });
}

function refusal(rule: string): ControlError {
  return new ControlError({ status: 400, code: 'INVALID_INPUT', field: 'authorizationUrl', rule });
}
