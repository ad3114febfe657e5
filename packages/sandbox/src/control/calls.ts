const HTTP_FAULTS = ['timeout', '500', 'reset', 'delayed'] as const;
const HTTP_CALL = { steps: ['before', 'after'], faults: HTTP_FAULTS } as const;

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
  /** One attempt to deliver one webhook event to the merchant. */
  'razorpay.send-webhook': { steps: ['before'], faults: ['lost', 'duplicate', 'delayed', 'reordered'] },
  /** The bank's work on an accepted refund, which ends in `processed` or `failed`. */
  'razorpay.process-refund': { steps: ['before'], faults: ['failed', 'delayed'] },
  'twilio.send-message': HTTP_CALL,
  'twilio.fetch-message': HTTP_CALL,
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
