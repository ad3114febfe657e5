import { z } from 'zod';
import { type Person, personInput, testPeople } from '../oauth/person.ts';
import { outcomes } from '../payer/outcome.ts';
import { type Call, calls, type FaultName, points } from './calls.ts';
import { ControlError } from './control.error.ts';

const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

/** `POST /control/pay`. */
export const payBody = z.strictObject({
  checkoutUrl: z.string().refine((text) => URL.canParse(text, 'http://checkout'), { error: 'url' }),
  outcome: z.enum(outcomes),
  method: z.enum(['upi', 'card', 'netbanking']).default('upi'),
  /** Another amount than the order's, which no honest gateway sends. */
  amountMinor: z.int().positive().optional(),
});

/** `POST /control/scan`: what a payer does with a UPI QR code. */
export const scanBody = z.strictObject({
  /** Razorpay's id of the code, or Paytm's order. */
  codeId: z.string(),
  outcome: z.enum(outcomes),
  amountMinor: z.int().positive().optional(),
});

/** `POST /control/bank-answer`. */
export const bankAnswerBody = z.strictObject({
  paymentId: z.string(),
  outcome: z.enum(outcomes).exclude(['pending']),
});

/** `POST /control/consent`. The person is one of those on the page, by id, or anybody. */
export const consentBody = z.strictObject({
  authorizationUrl: z.url(),
  decision: z.enum(['allow', 'deny']).default('allow'),
  person: z
    .enum(Object.keys(testPeople))
    .transform((id) => ({ account: id }))
    .or(personInput.transform((person) => ({ account: 'typed', ...toPersonFields(person) })))
    .default({ account: 'asha' }),
  email: z.enum(['share', 'hide', 'refuse']).optional(),
});

/** `POST /control/apple-key`. */
export const appleKeyBody = z.strictObject({
  publicKey: z.string().startsWith('-----BEGIN PUBLIC KEY-----'),
});

export const pointBody = z.strictObject({ point: z.enum(points) });

export const waitQuery = z.strictObject({
  timeoutMs: z.coerce.number().int().min(0).max(60_000).default(10_000),
});

/** `POST /control/scenario`. */
export const scenarioBody = z
  .strictObject({
    party: z.string(),
    call: z.string(),
    fault: z.string(),
    when: z.enum(['before', 'after']).default('before'),
    times: z.int().min(1).max(1000).default(1),
    delayMs: z.int().min(0).max(MAX_DELAY_MS).default(1000),
    event: z.string().nullable().default(null),
  })
  .transform((body, context) => {
    const call = `${body.party}.${body.call}`;
    if (!isCall(call)) return refuse(context, 'call');
    if (!isFaultOf(call, body.fault)) return refuse(context, 'fault');
    if (!(calls[call].steps as readonly string[]).includes(body.when)) return refuse(context, 'when');
    const { when: step, times, delayMs, event } = body;
    return { call, step, fault: body.fault, times, delayMs, event };
  });

/** `POST /control/webhook`. */
export const webhookBody = z
  .strictObject({
    party: z.enum(['razorpay', 'paytm']).default('razorpay'),
    url: z.url({ protocol: /^https?$/ }).nullable(),
    /** Razorpay's. */
    secret: z.string().min(1),
    /** Paytm's. */
    format: z.enum(['form', 'json']),
  })
  .partial();

export const stateQuery = z.strictObject({ limit: z.coerce.number().int().min(1).optional() });

/** @throws ControlError that names the first field at fault */
export function parseControl<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys : (issue?.path ?? []);
  throw new ControlError({
    status: 400,
    code: 'INVALID_INPUT',
    field: keys.join('.'),
    rule: issue?.code ?? 'invalid',
  });
}

function toPersonFields(person: Person): Record<string, string> {
  const { firstName, lastName, email, isEmailVerified } = person;
  return {
    first_name: firstName,
    last_name: lastName,
    email: email ?? '',
    email_verified: String(isEmailVerified),
  };
}

function isCall(name: string): name is Call {
  return Object.hasOwn(calls, name);
}

function isFaultOf(call: Call, name: string): name is FaultName {
  return (calls[call].faults as readonly string[]).includes(name);
}

function refuse(context: z.RefinementCtx, field: string): never {
  context.addIssue({ code: 'invalid_value', values: [], path: [field] });
  return z.NEVER;
}
