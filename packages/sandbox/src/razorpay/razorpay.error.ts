/** The fields of Razorpay's error object that differ from case to case. */
export interface RazorpayErrorFields {
  code: 'BAD_REQUEST_ERROR' | 'GATEWAY_ERROR' | 'SERVER_ERROR';
  description: string;
  source: string;
  step: string;
  reason: string;
  field?: string;
}

/** A refusal in Razorpay's own error shape (https://razorpay.com/docs/errors). */
export class RazorpayError extends Error {
  readonly status: number;
  readonly fields: RazorpayErrorFields;

  constructor(status: number, fields: RazorpayErrorFields) {
    super(fields.description);
    this.status = status;
    this.fields = fields;
  }

  toBody(): Record<string, unknown> {
    const { code, description, source, step, reason, field } = this.fields;
    const error = { code, description, source, step, reason, metadata: {} };
    return { error: field === undefined ? error : { ...error, field } };
  }
}

/** A request the merchant's system got wrong. */
function badRequest(description: string, more: Partial<RazorpayErrorFields> = {}): RazorpayError {
  return new RazorpayError(400, {
    code: 'BAD_REQUEST_ERROR',
    description,
    source: 'business',
    step: 'payment_initiation',
    reason: 'input_validation_failed',
    ...more,
  });
}

const NOWHERE = { source: 'NA', step: 'NA', reason: 'NA' };
const IN_CAPTURE = { step: 'payment_capture' };
const IN_REFUND = { step: 'refund_request' };

/** Razorpay's refusals by name. */
export const razorpayErrors = {
  unauthenticated: () =>
    new RazorpayError(401, { code: 'BAD_REQUEST_ERROR', description: 'Authentication failed', ...NOWHERE }),
  urlNotFound: () => badRequest('The requested URL was not found on the server.', NOWHERE),
  tooManyRequests: () =>
    new RazorpayError(429, {
      code: 'BAD_REQUEST_ERROR',
      description: 'Request failed because of too many requests. Try again later.',
      ...NOWHERE,
    }),
  serverError: () =>
    new RazorpayError(500, {
      code: 'SERVER_ERROR',
      description:
        'We are facing some trouble completing your request at the moment. Please try again shortly.',
      ...NOWHERE,
    }),
  invalid: (description: string, field: string) => badRequest(description, { field }),
  unknownId: () => badRequest('The id provided does not exist'),
  malformedId: (value: string) => badRequest(`${value} is not a valid id`),
  unexpected: (names: string[]) =>
    badRequest(`${names.join(', ')} is/are not required and should not be sent`, { field: names[0] }),
  captureAmountDiffers: () =>
    badRequest('Capture amount must be equal to the amount authorized', { ...IN_CAPTURE, field: 'amount' }),
  orderAlreadyPaid: () =>
    badRequest(
      'Payment declined because the order is already paid. Start again with a new order.',
      IN_CAPTURE,
    ),
  notAuthorized: () =>
    badRequest('Only payments which have been authorized and not yet captured can be captured', IN_CAPTURE),
  notCaptured: () => badRequest('The payment status should be captured for action to be taken', IN_REFUND),
  fullyRefunded: () => badRequest('The payment has been fully refunded already', IN_REFUND),
  refundTooLarge: () =>
    badRequest('The refund amount provided is greater than amount captured', {
      ...IN_REFUND,
      field: 'amount',
    }),
  qrCodeClosed: () => badRequest('The QR code has been closed already'),
  idempotencyKeyInvalid: () =>
    badRequest(
      'The idempotency key must be at least 10 characters: letters, digits, hyphens and underscores only',
      IN_REFUND,
    ),
  idempotencyInProgress: () =>
    conflict('Another request with the same idempotency key is still in progress. Try again later.'),
  idempotencyMismatch: () =>
    conflict('Different request with the same idempotency key has already been processed.'),
};

function conflict(description: string): RazorpayError {
  return new RazorpayError(409, { code: 'BAD_REQUEST_ERROR', description, ...NOWHERE });
}
