import { type TwilioError, twilioErrors } from './twilio.error.ts';

/** The form fields of a send; absent ones are empty. */
export interface MessageForm {
  to: string;
  from: string;
  messagingServiceSid: string;
  body: string;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const ALPHANUMERIC_SENDER = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/;
const MAX_BODY_LENGTH = 1600;

/** Twilio's magic numbers (https://www.twilio.com/docs/iam/test-credentials), which always fail in one way. */
const MAGIC_RECIPIENTS: Record<string, (to: string) => TwilioError> = {
  '+15005550001': twilioErrors.toInvalid,
  '+15005550003': twilioErrors.regionNotEnabled,
  '+15005550004': twilioErrors.optedOut,
  '+15005550009': twilioErrors.notMobile,
};
const MAGIC_INVALID_SENDER = '+15005550001';

/** The first reason to refuse a send, in the order Twilio checks; null when it is accepted. */
export function findRefusal(form: MessageForm): TwilioError | null {
  if (form.to === '') return twilioErrors.toMissing();
  if (form.from === '' && form.messagingServiceSid === '') return twilioErrors.fromMissing();
  if (form.body === '') return twilioErrors.bodyMissing();
  if (form.body.length > MAX_BODY_LENGTH) return twilioErrors.bodyTooLong();
  if (!E164.test(form.to)) return twilioErrors.toInvalid(form.to);
  if (form.from !== '' && !isSender(form.from)) return twilioErrors.fromInvalid(form.from);
  return MAGIC_RECIPIENTS[form.to]?.(form.to) ?? null;
}

function isSender(from: string): boolean {
  return from !== MAGIC_INVALID_SENDER && (E164.test(from) || ALPHANUMERIC_SENDER.test(from));
}
