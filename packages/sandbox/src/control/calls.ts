import { idTokenFaults } from '../oauth/id-token.faults.ts';

const HTTP_FAULTS = ['timeout', '500', 'reset', 'delayed', 'rate-limited'] as const;
const HTTP_CALL = { steps: ['before', 'after'], faults: HTTP_FAULTS } as const;
/** Paytm's faults come with HTTP 200 too: `501` in the answer. */
const PAYTM_CALL = { ...HTTP_CALL, faults: [...HTTP_FAULTS, 'system-error'] } as const;
/** One attempt to deliver one webhook event to the merchant. */
const WEBHOOK_CALL = {
  steps: ['before'],
  faults: ['lost', 'duplicate', 'delayed', 'reordered', 'bad-signature'],
} as const;
/** The bank's work on an accepted refund. */
const REFUND_WORK = { steps: ['before'], faults: ['failed', 'delayed'] } as const;
/** Handing the result of a payment to the payer's browser. */
const CONFIRMATION = { steps: ['before'], faults: ['bad-signature'] } as const;

/**
 * Every call a fault can strike, with the steps at which it can be stopped and what can go wrong there.
 * `before`: received, nothing done. `after`: done, the answer not yet given. A new party adds its calls here,
 * and the control API knows them.
 */
export const calls = {
  'razorpay.create-order': HTTP_CALL,
  'razorpay.fetch-order': HTTP_CALL,
  'razorpay.list-orders': HTTP_CALL,
  'razorpay.list-order-payments': HTTP_CALL,
  'razorpay.fetch-payment': HTTP_CALL,
  'razorpay.capture-payment': HTTP_CALL,
  'razorpay.create-refund': HTTP_CALL,
  'razorpay.fetch-refund': HTTP_CALL,
  'razorpay.list-payment-refunds': HTTP_CALL,
  'razorpay.list-payments': HTTP_CALL,
  'razorpay.list-refunds': HTTP_CALL,
  'razorpay.create-qr-code': HTTP_CALL,
  'razorpay.fetch-qr-code': HTTP_CALL,
  'razorpay.list-qr-codes': HTTP_CALL,
  'razorpay.list-qr-code-payments': HTTP_CALL,
  'razorpay.close-qr-code': HTTP_CALL,
  /** Every call of Razorpay's API above. */
  'razorpay.any': HTTP_CALL,
  'razorpay.send-webhook': WEBHOOK_CALL,
  'razorpay.process-refund': REFUND_WORK,
  'razorpay.confirm-payment': CONFIRMATION,
  'paytm.initiate-transaction': PAYTM_CALL,
  'paytm.order-status': PAYTM_CALL,
  'paytm.apply-refund': PAYTM_CALL,
  'paytm.refund-status': PAYTM_CALL,
  'paytm.create-qr-code': PAYTM_CALL,
  'paytm.list-orders': PAYTM_CALL,
  'paytm.list-refunds': PAYTM_CALL,
  /** Every call of Paytm's API above. */
  'paytm.any': PAYTM_CALL,
  'paytm.send-webhook': WEBHOOK_CALL,
  'paytm.process-refund': REFUND_WORK,
  'paytm.confirm-payment': CONFIRMATION,
  'google.discover': HTTP_CALL,
  'google.fetch-keys': HTTP_CALL,
  'google.exchange-code': HTTP_CALL,
  'google.fetch-userinfo': HTTP_CALL,
  'google.revoke-token': HTTP_CALL,
  /** The ID token that comes with an exchanged code, which can be one that must be refused. */
  'google.sign-id-token': { steps: ['before'], faults: idTokenFaults },
  'facebook.exchange-code': HTTP_CALL,
  'facebook.inspect-token': HTTP_CALL,
  'facebook.fetch-profile': HTTP_CALL,
  'facebook.fetch-keys': HTTP_CALL,
  'facebook.sign-id-token': { steps: ['before'], faults: idTokenFaults },
  /** What `debug_token` says of a token, which can be one of another app or person. */
  'facebook.describe-token': {
    steps: ['before'],
    faults: ['another-app', 'another-person', 'invalid-token'],
  },
  'apple.discover': HTTP_CALL,
  'apple.fetch-keys': HTTP_CALL,
  'apple.exchange-code': HTTP_CALL,
  'apple.revoke-token': HTTP_CALL,
  'apple.sign-id-token': { steps: ['before'], faults: idTokenFaults },
  'descope.send-otp': HTTP_CALL,
  'descope.verify-otp': HTTP_CALL,
  /** Sending or taking a code, refused although nothing is wrong with it. */
  'descope.refuse-otp': { steps: ['before'], faults: ['rate-limited', 'expired', 'too-many-attempts'] },
  /** The session token that comes with every login, which can be one that must be refused. */
  'descope.sign-session': { steps: ['before'], faults: ['wrong-issuer', 'wrong-signature', 'expired'] },
  'descope.start-oauth': HTTP_CALL,
  'descope.exchange-code': HTTP_CALL,
  'descope.refresh': HTTP_CALL,
  'descope.logout': HTTP_CALL,
  'descope.fetch-user': HTTP_CALL,
  'descope.fetch-keys': HTTP_CALL,
  'twilio.send-message': HTTP_CALL,
  'twilio.fetch-message': HTTP_CALL,
  'twilio.list-messages': HTTP_CALL,
  'msg91.send-flow': HTTP_CALL,
  'fcm.fetch-token': HTTP_CALL,
  'fcm.send-message': HTTP_CALL,
  'smtp.deliver-mail': { steps: ['before', 'after'], faults: ['refused'] },
} as const satisfies Record<string, { steps: readonly Step[]; faults: readonly string[] }>;

export type Step = 'before' | 'after';
export type Call = keyof typeof calls;
export type FaultName = (typeof calls)[Call]['faults'][number];
export type Point = `${Call}.${Step}`;

/** Every step of every call, as `party.call.step`. */
export const points: Point[] = (Object.keys(calls) as Call[]).flatMap((call) =>
  calls[call].steps.map((step): Point => `${call}.${step}`),
);

/** The call that stands for every call of a party's API, if this is one of them and the party has it. */
export function toAnyCall(call: Call): Call | null {
  const any = `${call.slice(0, call.indexOf('.'))}.any`;
  const isApi = calls[call] === HTTP_CALL || calls[call] === PAYTM_CALL;
  return isApi && Object.hasOwn(calls, any) ? (any as Call) : null;
}
