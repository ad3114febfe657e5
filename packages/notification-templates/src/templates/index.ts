import { emailChanged, emailVerification, passwordReset } from './account.template.ts';
import { accountNotice, nothingToConfirm } from './account-notice.template.ts';
import { orderConfirmation, orderStatus } from './order.template.ts';
import { otpLogin, otpPasswordReset, otpRegistration, otpVerification } from './otp.template.ts';
import { receipt, refundReceipt } from './receipt.template.ts';

/** Every message that the product sends, by the name that is stored with each delivery: names are never reused. */
export const templates = {
  'otp-login': otpLogin,
  'otp-registration': otpRegistration,
  'otp-password-reset': otpPasswordReset,
  'otp-verification': otpVerification,
  'email-verification': emailVerification,
  'password-reset': passwordReset,
  'email-changed': emailChanged,
  'account-notice': accountNotice,
  'nothing-to-confirm': nothingToConfirm,
  'order-confirmation': orderConfirmation,
  'order-status': orderStatus,
  receipt,
  'refund-receipt': refundReceipt,
} as const;
