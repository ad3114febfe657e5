import { z } from 'zod';
import { outcomes } from '../razorpay/failure.ts';
import { type Call, calls, type FaultName, points } from './calls.ts';
import { ControlError } from './control.error.ts';

const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

/** `POST /control/pay`. */
export const payBody = z.strictObject({
  checkoutUrl: z.string().regex(/\/razorpay\/checkout\/[^/?#]+/, { error: 'checkout-url' }),
  outcome: z.enum(outcomes),
  method: z.enum(['upi', 'card', 'netbanking']).default('upi'),
  /** Another amount than the order's, which no honest gateway sends. */
  amountMinor: z.int().positive().optional(),
});

/** `POST /control/bank-answer`. */
export const bankAnswerBody = z.strictObject({
  paymentId: z.string(),
  outcome: z.enum(outcomes).exclude(['pending']),
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
    url: z.url({ protocol: /^https?$/ }).nullable(),
    secret: z.string().min(1),
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
