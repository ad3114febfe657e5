/** The ways a payer, a bank or the network can spoil a payment. */
export const failureNames = [
  'decline',
  'insufficient-funds',
  'timed-out',
  'cancelled',
  'card-declined',
  'card-number-invalid',
  'invalid-otp',
  'invalid-vpa',
  'gateway-error',
] as const;

export type FailureName = (typeof failureNames)[number];

/** What comes of a payer's attempt; `pending` when the bank has not answered yet. */
export type Outcome = 'success' | 'pending' | FailureName;

export const outcomes = ['success', 'pending', ...failureNames] as const;
