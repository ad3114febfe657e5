import { randomBytes } from 'node:crypto';

/** A refusal in the Graph API's shape (https://developers.facebook.com/docs/graph-api/guides/error-handling). */
export class FacebookError extends Error {
  readonly status: number;
  readonly code: number;
  readonly subcode: number | undefined;

  constructor(fields: { status?: number; code: number; subcode?: number; message: string }) {
    super(fields.message);
    this.status = fields.status ?? 400;
    this.code = fields.code;
    this.subcode = fields.subcode;
  }

  toBody(): Record<string, unknown> {
    const { message, code, subcode } = this;
    const detail = subcode === undefined ? {} : { error_subcode: subcode };
    const fbtrace_id = randomBytes(9).toString('base64url');
    return { error: { message, type: 'OAuthException', code, ...detail, fbtrace_id } };
  }
}

/** Facebook's refusals by name. */
export const facebookErrors = {
  unexpected: () =>
    new FacebookError({
      status: 500,
      code: 2,
      message: 'An unexpected error has occurred. Please retry your request later.',
    }),
  missing: (name: string) => new FacebookError({ code: 101, message: `Missing ${name} parameter.` }),
  wrongSecret: () => new FacebookError({ code: 1, message: 'Error validating client secret.' }),
  usedCode: () =>
    new FacebookError({ code: 100, subcode: 36009, message: 'This authorization code has been used.' }),
  wrongRedirect: () =>
    new FacebookError({
      code: 100,
      subcode: 36008,
      message:
        'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
    }),
  wrongVerifier: () => new FacebookError({ code: 100, message: 'Invalid code_verifier parameter' }),
  invalidToken: () =>
    new FacebookError({
      status: 401,
      code: 190,
      message: 'Invalid OAuth access token - Cannot parse access token',
    }),
  invalidProof: () =>
    new FacebookError({ code: 100, message: 'Invalid appsecret_proof provided in the API argument' }),
};
