import type { Notification } from '@suvidha/notifications';
import type { OtpChallenge, OtpPurpose } from '../generated/prisma/client.ts';
import { otpPolicy } from '../otp/otp.rules.ts';
import { type Language, toLocale } from './language.ts';

const templates = {
  LOGIN: 'otp-login',
  REGISTRATION: 'otp-registration',
  PASSWORD_RESET: 'otp-password-reset',
  VERIFY: 'otp-verification',
} as const satisfies Record<OtpPurpose, string>;

export type OtpTemplate = (typeof templates)[OtpPurpose];

/** The message that brings a code to its destination, as long as the code is good. */
export function toOtpNotification(
  { id, purpose, channel, destination, expiresAt }: OtpChallenge,
  code: string,
  language: Language,
): Notification<OtpTemplate> {
  return {
    cause: `otp:${id}`,
    template: templates[purpose],
    channel,
    to: destination,
    locale: toLocale(language),
    variables: { code, minutes: otpPolicy.lifetimeMs / 60_000 },
    expiresAt,
  };
}
