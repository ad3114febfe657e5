import type { UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import type { PaymentRequest } from '@suvidha/payment-request';
import { testIdentity } from '@suvidha/testing';
import { initiate, inQuarterOfAnHour, newDebt, returnUrl, toAnswer } from './payments.fixture.ts';
import { admin, type operator } from './refunds.fixture.ts';
import type { SimulatedWorld } from './simulated.fixture.ts';
import type { SimulatedGateway } from './simulated-gateway.fixture.ts';

export interface SilentPayment {
  readonly id: string;
  readonly actor: UserActor;
  readonly request: PaymentRequest;
  readonly orderId: string;
}

/** A payment whose webhooks are never delivered. */
export async function startSilent(world: SimulatedWorld, gateway: SimulatedGateway): Promise<SilentPayment> {
  const { actor, request } = newDebt();
  const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
  const input = { paymentRequest, idempotencyKey: uuidv7(), returnUrl };
  const { payment } = await initiate(world, actor, input);
  const { id } = payment!;
  return { id, actor, request, orderId: gateway.ordersOf(id)[0]!.id };
}

/** The same, paid, and put to its bill by its owner. */
export async function startSilentSettled(
  world: SimulatedWorld,
  gateway: SimulatedGateway,
): Promise<SilentPayment> {
  const payment = await startSilent(world, gateway);
  gateway.pay(payment.orderId, 'CAPTURED');
  await verify(world, payment);
  await world.app.consume(
    toAnswer('payable.settled', { ...payment, status: '', settlement: '', checkoutUrl: '' }, {}),
  );
  return payment;
}

/** Its payer asks for its state, which is that it is captured. */
export async function verify(world: SimulatedWorld, { actor, id }: SilentPayment): Promise<void> {
  const query =
    'mutation ($input: VerifyPaymentInput!) { verifyPayment(input: $input) { payment { status } } }';
  const { verifyPayment } = await call(world, query, { input: { paymentId: id } }, actor);
  const { status } = (verifyPayment as { payment: { status: string } }).payment;
  if (status !== 'CAPTURED') throw new Error(`it is ${status}`);
}

/** Executes an operation as staff, unless somebody else is named. */
export async function call(
  { app }: SimulatedWorld,
  query: string,
  variables: object,
  actor: typeof operator = admin,
): Promise<Record<string, unknown>> {
  const { data, errors } = await app.execute({ query, variables: { ...variables } }, testIdentity(actor));
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  return data!;
}

export interface Report {
  readonly id: string;
  readonly status: string;
  readonly scope: string;
  readonly total: number;
  readonly checked: number;
  readonly isLedgerEven: boolean | null;
  readonly findings: { readonly edges: readonly { readonly node: Record<string, unknown> }[] };
}

export const startMutation = `mutation ($input: StartReconciliationInput!) {
  startReconciliation(input: $input) { report { id } userErrors { code field } }
}`;

export const reportsQuery = `{ reconciliationReports(first: 20) { edges { node {
  id status scope total checked matched missingHere missingThere amountDiffers duplicate statusDiffers isLedgerEven
  findings(first: 50) { edges { node {
    bucket gateway paymentId vendorPaymentId refundId vendorRefundId expected { amount } found { amount } isRepaired
  } } }
} } } }`;

export async function readReports(world: SimulatedWorld): Promise<Report[]> {
  const { reconciliationReports } = await call(world, reportsQuery, {});
  return (reconciliationReports as { edges: { node: Report }[] }).edges.map(({ node }) => node);
}

export async function waitForReport(
  world: SimulatedWorld,
  isWanted: (report: Report) => boolean,
): Promise<Report> {
  for (;;) {
    const report = (await readReports(world)).find(isWanted);
    if (report?.status === 'DONE') return report;
  }
}

/** Starts a comparison of everything that was started since. @returns its id. */
export async function startReconciliation(world: SimulatedWorld, from: Date, scope = 'ALL'): Promise<string> {
  const input = { scope, from: from.toISOString(), to: new Date(Date.now() + 1_000).toISOString() };
  const data = await call(world, startMutation, { input });
  return (data.startReconciliation as { report: { id: string } }).report.id;
}

/** The same, and waits for the outcome. */
export async function reconcile(world: SimulatedWorld, from: Date, scope?: string): Promise<Report> {
  const id = await startReconciliation(world, from, scope);
  return waitForReport(world, (report) => report.id === id);
}

export const findingsOf = ({ findings }: Report) => findings.edges.map(({ node }) => node);

/** Waits until a comparison has met a fault and waits for another try; then it is tried. */
export async function retryReconciliation({ pool }: SimulatedWorld): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `update graphile_worker._private_jobs job set run_at = now() from graphile_worker._private_tasks task
        where task.id = job.task_id and task.identifier = 'reconcile' and attempts > 0 and locked_at is null`,
    );
    if (rowCount !== 0) break;
  }
  await pool.query(`select pg_notify('jobs:insert', '{"r":"0","count":8}')`);
}
