import { loadConfig } from '@suvidha/config';
import { createPool } from '@suvidha/db';
import type { DomainEvent } from '@suvidha/events';
import type { Log } from '@suvidha/log';
import type { PaymentRequestSigner } from '@suvidha/payment-request';
import type { SubgraphApp } from '@suvidha/subgraph';
import { createTestEnvironment, testDependencies } from '@suvidha/testing';
import { type FastifyInstance, fastify } from 'fastify';
import { createLocalJWKSet } from 'jose';
import type { Pool } from 'pg';
import { createPaymentsApp, paymentsVariables } from '../src/index.ts';
import { createSigner } from './payments.fixture.ts';
import type { SimulatedGateway } from './simulated-gateway.fixture.ts';

export interface SimulatedWorld extends AsyncDisposable {
  readonly app: SubgraphApp;
  readonly signer: PaymentRequestSigner;
  readonly pool: Pool;
  readonly delivered: DomainEvent[];
  readonly clock: { aheadMs: number };
  /** The subgraph's own HTTP, without a network. */
  readonly server: FastifyInstance;
}

export interface SimulatedOptions {
  /** Default true. Otherwise jobs are stored and nobody does them. */
  readonly doesJobs?: boolean;
  /** What the owners of payables do with what they are told. Default: nothing. */
  readonly onEvent?: (event: DomainEvent) => void;
  /** Default: nothing is logged. */
  readonly log?: Log;
}

/** The payments subgraph on a real database, with vendors within the process. */
export async function startSimulated(
  gateways: readonly SimulatedGateway[],
  { doesJobs = true, onEvent, log }: SimulatedOptions = {},
): Promise<SimulatedWorld> {
  const config = loadConfig(paymentsVariables, {
    ...(await createTestEnvironment('payments')),
    RAZORPAY_KEY_ID: 'unused',
    RAZORPAY_KEY_SECRET: 'unused',
    RAZORPAY_WEBHOOK_SECRETS: 'unused',
    PAYMENT_RETURN_ORIGINS: 'https://app.example.com',
    LOG_LEVEL: 'silent',
  });
  const signer = await createSigner('billing');
  const delivered: DomainEvent[] = [];
  const clock = { aheadMs: 0 };
  const app = await createPaymentsApp({
    ...testDependencies(config),
    ...(log && { log }),
    transport: async (_consumer, event) => {
      delivered.push(event);
      onEvent?.(event);
    },
    paymentRequestKeys: { billing: createLocalJWKSet({ keys: [signer.publicKey] }) },
    gateways,
    now: () => new Date(Date.now() + clock.aheadMs),
  });
  const server = fastify();
  await server.register(app.routes);
  if (doesJobs) await app.start();
  const pool = createPool(config.database.url, { applicationName: 'test', max: 2 });
  return {
    app,
    signer,
    pool,
    delivered,
    clock,
    server,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await app.stop();
      await pool.end();
    },
  };
}

/** Delivers a webhook of a simulated vendor. @returns the HTTP status. */
export async function deliver(
  { server }: Pick<SimulatedWorld, 'server'>,
  { terms }: SimulatedGateway,
  { eventId, hint }: { readonly eventId: string; readonly hint: object },
): Promise<number> {
  const { statusCode } = await server.inject({
    method: 'POST',
    url: `/webhooks/${terms.name.toLowerCase()}`,
    headers: { 'content-type': 'application/json', 'x-signature': 'signed', 'x-event-id': eventId },
    payload: JSON.stringify(hint),
  });
  return statusCode;
}
