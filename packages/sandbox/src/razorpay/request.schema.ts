import { z } from 'zod';
import { razorpayErrors } from './razorpay.error.ts';

const MIN_AMOUNT = 100;
const MAX_RECEIPT_LENGTH = 40;
const MIN_EXPIRY_MINUTES = 12;
const MAX_EXPIRY_MINUTES = 7200;

const amount = z
  .int({ error: 'The amount must be an integer.' })
  .min(MIN_AMOUNT, 'The amount must be at least INR 1.00');
const currency = z.literal('INR', { error: 'Currency is not supported' });
const receipt = z
  .string('The receipt must be a string.')
  .max(MAX_RECEIPT_LENGTH, `The receipt may not be greater than ${MAX_RECEIPT_LENGTH} characters.`);
// A client of the real API sends `[]` for "none", as the API itself does.
const notes = z.union([z.tuple([]).transform(() => ({})), z.record(z.string(), z.coerce.string())], {
  error: 'The notes must be an array of key-value pairs.',
});
const limitedNotes = notes
  .refine(
    (pairs) => Object.keys(pairs).length <= 15,
    'Number of fields in notes should be less than or equal to 15',
  )
  .refine(
    (pairs) => Object.values(pairs).every((value) => value.length <= 256),
    'The notes may not be greater than 256 characters.',
  );
const expiryMinutes = z
  .int('The expiry period must be an integer.')
  .min(MIN_EXPIRY_MINUTES, `The expiry period must be at least ${MIN_EXPIRY_MINUTES} minutes.`)
  .max(MAX_EXPIRY_MINUTES, `The expiry period may not be greater than ${MAX_EXPIRY_MINUTES} minutes.`);
const capture = z
  .enum(['automatic', 'manual'], { error: 'The capture must be automatic or manual.' })
  .default('automatic');
const captureOptions = z.strictObject({
  automatic_expiry_period: expiryMinutes.optional(),
  manual_expiry_period: expiryMinutes.optional(),
  refund_speed: z.enum(['normal', 'optimum'], { error: 'The refund speed is invalid.' }).optional(),
});

/** `POST /orders`. Partial payment is accepted only as off: no caller takes orders in parts. */
export const createOrderBody = z.strictObject({
  amount,
  currency,
  receipt: receipt.nullish(),
  notes: limitedNotes.default({}),
  partial_payment: z.literal(false, { error: 'Partial payment is not enabled for the merchant.' }).optional(),
  payment: z
    .strictObject({ capture, capture_options: captureOptions.optional() })
    .default({ capture: 'automatic' }),
});

/** `POST /payments/:id/capture`. */
export const capturePaymentBody = z.strictObject({ amount, currency: currency.optional() });

/** `POST /payments/:id/refund`. */
export const createRefundBody = z.strictObject({
  amount: amount.optional(),
  speed: z.enum(['normal', 'optimum'], { error: 'The speed is invalid.' }).default('normal'),
  receipt: receipt.nullish(),
  notes: limitedNotes.default({}),
});

/** `POST /payments/qr_codes`. */
export const createQrCodeBody = z.strictObject({
  type: z.literal('upi_qr', { error: 'The type must be upi_qr.' }),
  usage: z.enum(['single_use', 'multiple_use'], { error: 'The usage is invalid.' }),
  fixed_amount: z.boolean('The fixed amount must be true or false.').default(false),
  payment_amount: amount.optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  customer_id: z.string().optional(),
  close_by: z.int('The close by must be an integer.').optional(),
  notes: limitedNotes.default({}),
});

/** `PATCH /orders/:id` and `PATCH /refunds/:id`. */
export const editNotesBody = z.strictObject({ notes: limitedNotes });

const unixSeconds = z.coerce.number('The time must be an integer.').int('The time must be an integer.');

/** The window every list takes; `count` is 10 unless told, 100 at most. */
export const listQuery = z.strictObject({
  from: unixSeconds.optional(),
  to: unixSeconds.optional(),
  count: z.coerce
    .number('The count must be an integer.')
    .int('The count must be an integer.')
    .min(1, 'The count must be at least 1.')
    .max(100, 'The count may not be greater than 100.')
    .default(10),
  skip: z.coerce
    .number('The skip must be an integer.')
    .int('The skip must be an integer.')
    .min(0, 'The skip must be at least 0.')
    .default(0),
});

export const listOrdersQuery = listQuery.extend({ receipt: z.string().optional() });

export const listQrCodesQuery = listQuery.extend({
  payment_id: z.string().optional(),
  customer_id: z.string().optional(),
});

export const paymentQuery = z.strictObject({ 'expand[]': z.literal('card').optional() });

/** @throws RazorpayError that names the first field at fault, as the API does */
export function parseRequest<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw result.error;
  if (issue.code === 'unrecognized_keys') throw razorpayErrors.unexpected(issue.keys);
  const field = issue.path.join('.');
  const isMissing = valueAt(input, issue.path) === undefined;
  throw razorpayErrors.invalid(isMissing ? `The ${field} field is required.` : issue.message, field);
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value instanceof Object ? Reflect.get(value, key) : undefined),
    input,
  );
}
