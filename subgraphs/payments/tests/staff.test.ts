import { uuidv7 } from '@suvidha/db';
import { testIdentity } from '@suvidha/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  initiate,
  inQuarterOfAnHour,
  newDebt,
  readPayment,
  returnUrl,
  toAnswer,
  waitForStatus,
} from './payments.fixture.ts';
import { admin, areAll, operator, refund, waitForRefunds } from './refunds.fixture.ts';
import { deliver, type SimulatedWorld, startSimulated } from './simulated.fixture.ts';
import { SimulatedGateway } from './simulated-gateway.fixture.ts';

const razorpay = new SimulatedGateway({ name: 'RAZORPAY' });
let world: SimulatedWorld;

beforeAll(async () => {
  world = await startSimulated([razorpay]);
});
beforeEach(() => razorpay.calm());
afterAll(() => world[Symbol.asyncDispose]());

async function start(change: Parameters<typeof newDebt>[0] = {}) {
  const { actor, request } = newDebt(change);
  const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
  const { payment } = await initiate(world, actor, { paymentRequest, idempotencyKey: uuidv7(), returnUrl });
  return {
    ...payment!,
    actor,
    request,
    checkoutUrl: '',
    orderId: razorpay.ordersOf(payment!.id)[0]?.id ?? '',
  };
}

async function startCaptured() {
  const payment = await start();
  razorpay.pay(payment.orderId, 'CAPTURED');
  await deliver(world, razorpay, razorpay.outbox.at(-1)!);
  await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
  return payment;
}

async function call(query: string, variables: object, actor: Parameters<typeof testIdentity>[0] = operator) {
  const { data, errors } = await world.app.execute(
    { query, variables: { ...variables } },
    testIdentity(actor),
  );
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  return data!;
}

interface Diagnosis {
  readonly code: string;
  readonly nextAt: string | null;
}

const diagnosisQuery =
  'query ($id: ID!) { payment(id: $id) { diagnosis { code explanation nextStep nextAt } } }';

async function diagnose(id: string): Promise<Diagnosis> {
  const { payment } = await call(diagnosisQuery, { id });
  return (payment as { diagnosis: Diagnosis }).diagnosis;
}

describe('Payment.diagnosis', () => {
  it('says that the payer is waited for, and when the vendor is asked', async () => {
    const { id } = await start();
    const { code, nextAt } = await diagnose(id);
    expect(code).toBe('WAITS_FOR_PAYER');
    const { rows } = await world.pool.query('select run_at from graphile_worker.jobs where key = $1', [
      `resolve-payment:${id}`,
    ]);
    expect(new Date(nextAt!)).toEqual(rows[0].run_at);
  });

  it('says that an answer was lost', async () => {
    razorpay.strike('createOrder', 'LOST_AFTER');
    const { id } = await start();
    expect(await diagnose(id)).toMatchObject({ code: 'OUTCOME_UNKNOWN', nextAt: expect.any(String) });
  });

  it('says that the vendor was not reached', async () => {
    razorpay.strike('createOrder', 'UNSENT');
    const { id } = await start();
    expect(await diagnose(id)).toMatchObject({ code: 'GATEWAY_UNREACHED', nextAt: expect.any(String) });
  });

  it('follows a payment to its end and back', async () => {
    const payment = await startCaptured();
    expect((await diagnose(payment.id)).code).toBe('WAITS_FOR_OWNER');
    await world.app.consume(toAnswer('payable.settled', payment, {}));
    expect(await diagnose(payment.id)).toMatchObject({ code: 'COMPLETE', nextAt: null });
    await refund(world, { paymentId: payment.id });
    expect((await diagnose(payment.id)).code).toMatch(/^REFUND_/);
    const atVendor = async () => {
      for (;;) {
        const [found] = [...razorpay.refunds.values()].filter(
          ({ vendorPaymentId }) => razorpay.payments.get(vendorPaymentId)?.orderId === payment.orderId,
        );
        if (found) return found;
        await readPayment(world, payment.actor, payment.id);
      }
    };
    razorpay.finishRefund((await atVendor()).id, 'PROCESSED');
    await deliver(world, razorpay, razorpay.outbox.at(-1)!);
    await waitForStatus(world, payment, ({ status }) => status === 'REFUNDED');
    expect((await diagnose(payment.id)).code).toBe('GIVEN_BACK');
  });

  it('says that a refund of staff failed, until another one is asked for', async () => {
    const payment = await startCaptured();
    await world.app.consume(toAnswer('payable.settled', payment, {}));
    razorpay.strike('refund', 'REFUSED');
    await refund(world, { paymentId: payment.id });
    await waitForRefunds(world, payment, areAll('FAILED'));
    expect(await diagnose(payment.id)).toMatchObject({ code: 'REFUND_FAILED', nextAt: null });
    await refund(world, { paymentId: payment.id });
    expect((await diagnose(payment.id)).code).toBe('REFUND_ON_ITS_WAY');
  });

  it('names what put money apart', async () => {
    const payment = await start();
    razorpay.pay(payment.orderId, 'CAPTURED', 1);
    await deliver(world, razorpay, razorpay.outbox.at(-1)!);
    await waitForStatus(world, payment, ({ status }) => status === 'QUARANTINED');
    expect(await diagnose(payment.id)).toMatchObject({
      code: 'QUARANTINED',
      explanation: expect.stringContaining('AMOUNT'),
      nextAt: null,
    });
  });

  it('is for staff', async () => {
    const { id, actor } = await start();
    await expect(call(diagnosisQuery, { id }, actor)).rejects.toThrow('FORBIDDEN');
  });
});

const webhooksQuery = `query ($filter: WebhookDeliveryFilter) { webhookDeliveries(filter: $filter, first: 50) {
  edges { node { id gateway eventId processedAt paymentId lastError } }
} }`;

interface Webhook {
  readonly id: string;
  readonly eventId: string;
  readonly processedAt: string | null;
  readonly paymentId: string | null;
  readonly lastError: string | null;
}

async function webhooks(filter: object): Promise<Webhook[]> {
  const { webhookDeliveries } = await call(webhooksQuery, { filter });
  return (webhookDeliveries as { edges: { node: Webhook }[] }).edges.map(({ node }) => node);
}

describe('webhookDeliveries', () => {
  it('shows that a refund which somebody made by hand at the vendor is about none of ours', async () => {
    const eventId = uuidv7();
    const hint = { kind: 'REFUND', vendorRefundId: 'rfnd_by_hand', refundId: 'angry customer' };
    await deliver(world, razorpay, { eventId, hint });
    const actedOn = async () => {
      for (;;) {
        const found = (await webhooks({})).find((webhook) => webhook.eventId === eventId);
        if (found?.processedAt || found?.lastError) return found;
      }
    };
    expect(await actedOn()).toMatchObject({ paymentId: null, lastError: null });
  });
});

const replay = async (webhookId: string, actor?: Parameters<typeof testIdentity>[0]) => {
  const query = `mutation ($input: ReplayWebhookInput!) {
    replayWebhook(input: $input) { webhook { id } userErrors { code } }
  }`;
  return (await call(query, { input: { webhookId } }, actor)).replayWebhook;
};

describe('replayWebhook', () => {
  it('acts on a webhook that failed, once the fault is mended', async () => {
    const payment = await start();
    razorpay.pay(payment.orderId, 'CAPTURED');
    razorpay.strike('getPayment', 'LOST_BEFORE');
    await deliver(world, razorpay, razorpay.outbox.at(-1)!);
    const failed = async () => {
      for (;;) {
        const found = (await webhooks({ isProcessed: false })).find(({ lastError }) => lastError !== null);
        if (found) return found;
      }
    };
    const { id, lastError } = await failed();
    expect(lastError).toBe('VendorError');
    expect(await replay(id)).toEqual({ webhook: { id }, userErrors: [] });
    await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
    const done = async () => {
      for (;;) {
        const [found] = await webhooks({ paymentId: payment.id });
        if (found) return found;
      }
    };
    expect(await done()).toMatchObject({ id, paymentId: payment.id, lastError: null });
  });

  it('changes nothing that is known already', async () => {
    const payment = await startCaptured();
    const known = async () => {
      for (;;) {
        const [found] = await webhooks({ paymentId: payment.id });
        if (found) return found;
      }
    };
    const { id, processedAt } = await known();
    await replay(id);
    for (;;) if ((await webhooks({ paymentId: payment.id }))[0]!.processedAt !== processedAt) break;
    const { timeline } = await readPayment(world, payment.actor, payment.id);
    expect(timeline.filter(({ status }) => status === 'CAPTURED')).toHaveLength(1);
  });

  it('finds none that is not there, and is for staff', async () => {
    expect(await replay(uuidv7())).toEqual({ webhook: null, userErrors: [{ code: 'NOT_FOUND' }] });
    expect(await replay('nonsense')).toEqual({ webhook: null, userErrors: [{ code: 'NOT_FOUND' }] });
    const { actor } = await start();
    await expect(replay(uuidv7(), actor)).rejects.toThrow('FORBIDDEN');
  });
});

const paymentsQuery = `query ($filter: PaymentFilter, $first: Int, $after: String) {
  payments(filter: $filter, first: $first, after: $after) {
    edges { node { id status } cursor } pageInfo { hasNextPage endCursor }
  }
}`;

interface PaymentsPage {
  readonly edges: readonly { readonly node: { readonly id: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

async function list(variables: object, actor: Parameters<typeof testIdentity>[0] = operator) {
  return (await call(paymentsQuery, variables, actor)).payments as PaymentsPage;
}

const idsOf = ({ edges }: PaymentsPage) => edges.map(({ node }) => node.id);

describe('payments', () => {
  it('shows people their own and staff everybody, newest first, page by page', async () => {
    const first = await start();
    const second = await start();
    expect(idsOf(await list({}, first.actor))).toEqual([first.id]);
    const page = await list({ first: 1 });
    expect(page.pageInfo.hasNextPage).toBe(true);
    const next = await list({ first: 1, after: page.pageInfo.endCursor });
    expect([...idsOf(page), ...idsOf(next)]).toEqual([second.id, first.id]);
  });

  it('filters by state, payable, person and time, and finds by any id', async () => {
    const { id, request, orderId, actor } = await startCaptured();
    const only = [id];
    for (const filter of [
      { payableId: request.payable.id },
      { userId: actor.userId },
      { search: id },
      { search: request.payable.id },
      { search: orderId },
      { search: ` ${orderId} `, statuses: ['CAPTURED'], settlements: ['PENDING'], gateway: 'RAZORPAY' },
    ])
      expect(idsOf(await list({ filter })), JSON.stringify(filter)).toEqual(only);
    for (const filter of [
      { search: id, statuses: ['FAILED'] },
      { search: id, gateway: 'PAYTM' },
      { search: id, to: '2020-01-01T00:00:00Z' },
      { search: 'nothing like it' },
      { payableId: 'nonsense' },
    ])
      expect(idsOf(await list({ filter })), JSON.stringify(filter)).toEqual([]);
  });

  it("does not show somebody else's, whatever the filter", async () => {
    const mine = await start();
    const theirs = await start();
    for (const filter of [{ userId: theirs.actor.userId }, { search: theirs.id }])
      expect(idsOf(await list({ filter }, mine.actor))).toEqual([]);
  });
});

it('adds how payments did to the dashboard of admins', async () => {
  const from = new Date();
  await startCaptured();
  await start();
  const to = new Date(Date.now() + 1);
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on AdminDashboard { payments {
      started captured lost undecided quarantined unsettled amountsCaptured { amount currencyCode }
    } }
  } }`;
  const representations = [{ __typename: 'AdminDashboard', from: from.toISOString(), to: to.toISOString() }];
  const { _entities } = await call(query, { representations }, admin);
  expect(_entities).toEqual([
    {
      payments: {
        started: 2,
        captured: 1,
        lost: 0,
        undecided: 1,
        quarantined: 0,
        unsettled: 1,
        amountsCaptured: [{ amount: '499.00', currencyCode: 'INR' }],
      },
    },
  ]);
  await expect(call(query, { representations })).rejects.toThrow('FORBIDDEN');
});
