import type { Actor } from '@suvidha/auth';
import { Role } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { testActor, testIdentity } from '@suvidha/testing';
import {
  type PaymentsWorld,
  type StartedPayment,
  startPayment,
  toAnswer,
  waitForStatus,
} from './payments.fixture.ts';

export const operator = testActor({ roles: [Role.OPERATOR] });
export const admin = testActor({ roles: [Role.ADMIN] });

export interface RefundView {
  readonly id: string;
  readonly status: string;
  readonly cause: string;
  readonly reason: string;
  readonly failureCode: string | null;
  readonly amount: { readonly amount: string };
  readonly timeline: readonly { readonly status: string; readonly previousStatus: string | null }[];
}

/** A payment of 499 rupees whose money was taken. */
export async function startCaptured(world: PaymentsWorld): Promise<StartedPayment> {
  const payment = await startPayment(world);
  await world.vendor.pay(payment.checkoutUrl);
  await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
  return payment;
}

/** The same, and its owner has put the money to the bill. */
export async function startSettled(world: PaymentsWorld): Promise<StartedPayment> {
  const payment = await startCaptured(world);
  await world.app.consume(toAnswer('payable.settled', payment, {}));
  return payment;
}

export interface RefundInput {
  readonly paymentId: string;
  readonly amount?: string | null;
  readonly reason?: string;
  readonly idempotencyKey?: string;
}

const refundMutation = `mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    refund { id status cause reason amount { amount } payment { id } }
    userErrors { code field }
  }
}`;

/** @returns the refund's id, or the codes of what was refused. */
export async function refund(
  { app }: Pick<PaymentsWorld, 'app'>,
  input: RefundInput,
  actor: Actor = operator,
): Promise<{ id: string | null; codes: readonly string[] }> {
  const variables = { input: { reason: 'a test', idempotencyKey: uuidv7(), ...input } };
  const { data, errors } = await app.execute({ query: refundMutation, variables }, testIdentity(actor));
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  const answer = data?.refundPayment as {
    refund: RefundView | null;
    userErrors: readonly { code: string }[];
  };
  return { id: answer.refund?.id ?? null, codes: answer.userErrors.map(({ code }) => code) };
}

const refundsQuery = `query ($id: ID!) {
  payment(id: $id) {
    status
    amountRefunded { amount }
    refunds { id status cause reason failureCode amount { amount } timeline { status previousStatus } }
  }
}`;

export interface RefundedPayment {
  readonly status: string;
  readonly amountRefunded: { readonly amount: string };
  readonly refunds: readonly RefundView[];
}

export async function readRefunds(
  { app }: Pick<PaymentsWorld, 'app'>,
  { actor, id }: { readonly actor: Actor; readonly id: string },
): Promise<RefundedPayment> {
  const { data, errors } = await app.execute({ query: refundsQuery, variables: { id } }, testIdentity(actor));
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  return data?.payment as RefundedPayment;
}

/** Reads until the refunds are as wanted. */
export async function waitForRefunds(
  world: Pick<PaymentsWorld, 'app'>,
  payment: { readonly actor: Actor; readonly id: string },
  isWanted: (payment: RefundedPayment) => boolean,
): Promise<RefundedPayment> {
  for (;;) {
    const read = await readRefunds(world, payment);
    // A query reads a payment and its refunds one after the other: the transaction that was wanted may have landed between.
    if (isWanted(read)) return readRefunds(world, payment);
  }
}

export const areAll =
  (...statuses: readonly string[]) =>
  ({ refunds }: RefundedPayment): boolean =>
    refunds.length > 0 && refunds.every(({ status }) => statuses.includes(status));
