/** A refusal in Twilio's own error shape (https://www.twilio.com/docs/api/errors). */
export class TwilioError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(fields: { status: number; code: number; message: string }) {
    super(fields.message);
    this.status = fields.status;
    this.code = fields.code;
  }

  toBody(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      more_info: `https://www.twilio.com/docs/errors/${this.code}`,
      status: this.status,
    };
  }
}

/** Twilio's refusals by name; the sentence may name the number refused, as Twilio's does. */
export const twilioErrors = {
  unauthenticated: () => new TwilioError({ status: 401, code: 20003, message: 'Authenticate' }),
  notFound: (path: string) =>
    new TwilioError({ status: 404, code: 20404, message: `The requested resource ${path} was not found` }),
  internal: () =>
    new TwilioError({ status: 500, code: 20500, message: 'An internal server error has occurred' }),
  tooManyRequests: () => new TwilioError({ status: 429, code: 20429, message: 'Too Many Requests' }),
  toMissing: () => new TwilioError({ status: 400, code: 21604, message: "A 'To' phone number is required." }),
  fromMissing: () =>
    new TwilioError({ status: 400, code: 21603, message: "A 'From' phone number is required." }),
  bodyMissing: () => new TwilioError({ status: 400, code: 21602, message: 'Message body is required.' }),
  bodyTooLong: () =>
    new TwilioError({
      status: 400,
      code: 21617,
      message: 'The concatenated message body exceeds the 1600 character limit.',
    }),
  toInvalid: (to: string) =>
    new TwilioError({
      status: 400,
      code: 21211,
      message: `The 'To' number ${to} is not a valid phone number.`,
    }),
  fromInvalid: (from: string) =>
    new TwilioError({
      status: 400,
      code: 21212,
      message: `The 'From' number ${from} is not a valid phone number.`,
    }),
  regionNotEnabled: (to: string) =>
    new TwilioError({
      status: 400,
      code: 21408,
      message: `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}.`,
    }),
  optedOut: () =>
    new TwilioError({ status: 400, code: 21610, message: 'The recipient has opted out of messages.' }),
  notMobile: (to: string) =>
    new TwilioError({ status: 400, code: 21614, message: `'To' number ${to} is not a valid mobile number.` }),
};
