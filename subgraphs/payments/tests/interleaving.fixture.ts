import type { UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import type { PaymentRequest } from '@suvidha/payment-request';
import { testIdentity } from '@suvidha/testing';
import * as fc from 'fast-check';
import type { SimulatedOwner } from './owner.fixture.ts';
import { hurry, initiate, inQuarterOfAnHour, newDebt, readPayment, returnUrl } from './payments.fixture.ts';
import { refund } from './refunds.fixture.ts';
import { deliver, type SimulatedWorld } from './simulated.fixture.ts';
import type { SimulatedCall, SimulatedFault, SimulatedGateway } from './simulated-gateway.fixture.ts';

/** One thing that a payer, staff, a vendor, the owner, the clock or fate does. Things are picked by number. */
export type Command =
  | { readonly do: 'initiate'; readonly gateway: string; readonly checkout: string }
  | { readonly do: 'repeat'; readonly at: number }
  | { readonly do: 'pay'; readonly at: number; readonly outcome: 'CAPTURED' | 'FAILED' | 'AUTHORIZED' }
  | { readonly do: 'payWrong'; readonly at: number }
  | { readonly do: 'late'; readonly at: number }
  | { readonly do: 'webhook'; readonly at: number; readonly times: number }
  | { readonly do: 'confirm'; readonly at: number }
  | { readonly do: 'verify'; readonly at: number }
  | { readonly do: 'read'; readonly at: number }
  | { readonly do: 'refund'; readonly at: number; readonly amount: string | null }
  | { readonly do: 'bank'; readonly at: number; readonly outcome: 'PROCESSED' | 'FAILED' }
  | { readonly do: 'answer'; readonly at: number; readonly times: number }
  | { readonly do: 'wish'; readonly amountMinor: number }
  | {
      readonly do: 'strike';
      readonly call: SimulatedCall;
      readonly fault: SimulatedFault;
      readonly at: number;
    }
  | { readonly do: 'janitor' }
  | { readonly do: 'later' };

const at = fc.nat(9);
const weighted = (weight: number, arbitrary: fc.Arbitrary<Command>) => ({ weight, arbitrary });

const command: fc.Arbitrary<Command> = fc.oneof(
  weighted(
    4,
    fc.record({
      do: fc.constant('initiate'),
      gateway: fc.constantFrom('AUTO', 'RAZORPAY', 'PAYTM'),
      checkout: fc.constantFrom('HOSTED_PAGE', 'UPI_QR'),
    }),
  ),
  weighted(2, fc.record({ do: fc.constant('repeat'), at })),
  weighted(
    6,
    fc.record({
      do: fc.constant('pay'),
      at,
      outcome: fc.constantFrom('CAPTURED', 'CAPTURED', 'CAPTURED', 'FAILED', 'AUTHORIZED'),
    }),
  ),
  weighted(1, fc.record({ do: fc.constant('payWrong'), at })),
  weighted(2, fc.record({ do: fc.constant('late'), at })),
  weighted(6, fc.record({ do: fc.constant('webhook'), at, times: fc.integer({ min: 1, max: 3 }) })),
  weighted(2, fc.record({ do: fc.constant('confirm'), at })),
  weighted(2, fc.record({ do: fc.constant('verify'), at })),
  weighted(1, fc.record({ do: fc.constant('read'), at })),
  weighted(
    4,
    fc.record({ do: fc.constant('refund'), at, amount: fc.constantFrom(null, '100.00', '300.00') }),
  ),
  weighted(
    3,
    fc.record({ do: fc.constant('bank'), at, outcome: fc.constantFrom('PROCESSED', 'PROCESSED', 'FAILED') }),
  ),
  weighted(5, fc.record({ do: fc.constant('answer'), at, times: fc.integer({ min: 1, max: 2 }) })),
  weighted(1, fc.record({ do: fc.constant('wish'), amountMinor: fc.constantFrom(10_000, 49_900) })),
  weighted(
    4,
    fc.record({
      do: fc.constant('strike'),
      call: fc.constantFrom(
        'createOrder',
        'findOrder',
        'createQrCode',
        'closeQrCode',
        'listPayments',
        'getPayment',
        'refund',
        'findRefund',
      ),
      fault: fc.constantFrom('UNSENT', 'REFUSED', 'LOST_BEFORE', 'LOST_AFTER', 'CRASH'),
      at,
    }),
  ),
  weighted(2, fc.record({ do: fc.constant('janitor') })),
  weighted(1, fc.record({ do: fc.constant('later') })),
) as fc.Arbitrary<Command>;

/** What happens to one debt: groups of commands, those of one group at once. */
export type Plot = readonly (readonly Command[])[];

/** Somebody starts to pay; otherwise nothing happens. */
const beginning = fc.constantFrom<Command[]>(
  [{ do: 'initiate', gateway: 'AUTO', checkout: 'HOSTED_PAGE' }],
  [{ do: 'initiate', gateway: 'RAZORPAY', checkout: 'UPI_QR' }],
  [
    { do: 'initiate', gateway: 'AUTO', checkout: 'UPI_QR' },
    { do: 'initiate', gateway: 'PAYTM', checkout: 'HOSTED_PAGE' },
  ],
);

export const plot: fc.Arbitrary<Plot> = fc
  .tuple(
    beginning,
    fc.array(fc.array(command, { minLength: 1, maxLength: 5 }), { minLength: 5, maxLength: 14 }),
  )
  .map(([first, rest]) => [first, ...rest]);

export interface Stage {
  readonly world: SimulatedWorld;
  readonly gateways: readonly SimulatedGateway[];
  readonly owner: SimulatedOwner;
}

interface Attempt {
  readonly input: Parameters<typeof initiate>[2];
  id: string | null;
}

/** One debt, and everything that is done about it. */
export class Story {
  readonly actor: UserActor;
  readonly request: PaymentRequest;
  readonly #stage: Stage;
  readonly #attempts: Attempt[] = [];
  /** The QR code or page that stood on a screen, by payment; somebody may have kept it. */
  readonly #shown = new Map<string, string>();

  constructor(stage: Stage) {
    this.#stage = stage;
    const { actor, request } = newDebt();
    this.actor = actor;
    this.request = request;
  }

  get paymentIds(): readonly string[] {
    return [...new Set(this.#attempts.flatMap(({ id }) => id ?? []))];
  }

  async play(groups: Plot): Promise<void> {
    for (const group of groups) await Promise.all(group.map((one) => this.#do(one)));
  }

  /** A crash or a vendor's fault may end what somebody does; what it leaves is what the story is about. */
  async #do(one: Command): Promise<void> {
    try {
      await this.#act(one);
    } catch (error) {
      if (!(error instanceof AggregateError) || !/INTERNAL_SERVER_ERROR/.test(error.message)) throw error;
    }
  }

  async #act(one: Command): Promise<unknown> {
    const { world, owner } = this.#stage;
    switch (one.do) {
      case 'initiate':
        return this.#initiate(one);
      case 'repeat':
        return this.#ask(pick(this.#attempts, one.at));
      case 'pay':
        return this.#pay(one.at, one.outcome);
      case 'payWrong':
        return this.#pay(one.at, 'CAPTURED', 100);
      case 'late':
        return this.#eachGateway((gateway) =>
          gateway.answerLate(pick(this.#paidAt(gateway), one.at)?.id ?? ''),
        );
      case 'webhook':
        return this.#deliver(one.at, one.times);
      case 'confirm':
        return this.#confirm(one.at);
      case 'verify':
        return this.#mutate('verifyPayment', { paymentId: pick(this.paymentIds, one.at) ?? uuidv7() });
      case 'read':
        return readPayment(world, this.actor, pick(this.paymentIds, one.at) ?? uuidv7());
      case 'refund':
        return refund(world, { paymentId: pick(this.paymentIds, one.at) ?? uuidv7(), amount: one.amount });
      case 'bank':
        return this.#eachGateway((gateway) => {
          const found = pick(this.#refundsAt(gateway), one.at);
          if (found) gateway.finishRefund(found.id, one.outcome);
        });
      case 'answer':
        return this.#answer(one.at, one.times);
      case 'wish':
        return owner.wish(this.request.payable.id, one.amountMinor);
      case 'strike':
        // A vendor refuses to close only what is closed.
        if (one.call === 'closeQrCode' && one.fault === 'REFUSED') return null;
        return pick(this.#stage.gateways, one.at)?.strike(one.call, one.fault);
      case 'janitor':
        await hurry(world, 'refund');
        return hurry(world, 'resolve-payment');
      case 'later':
        world.clock.aheadMs += 20 * 60_000;
        return null;
    }
  }

  async #initiate({ gateway, checkout }: Command & { do: 'initiate' }): Promise<void> {
    const request = { ...this.request, jti: uuidv7() };
    const paymentRequest = await this.#stage.world.signer.sign(request, inQuarterOfAnHour());
    const place = checkout === 'UPI_QR' ? { counterId: 'KIOSK-7' } : { returnUrl };
    const input = { paymentRequest, idempotencyKey: uuidv7(), gateway, checkout, ...place };
    const attempt = { input, id: null };
    this.#attempts.push(attempt);
    await Promise.all([this.#ask(attempt), this.#ask(attempt)]);
  }

  /** The same key never leads to two payments. */
  async #ask(attempt: Attempt | undefined): Promise<void> {
    if (!attempt) return;
    const { payment } = await initiate(this.#stage.world, this.actor, attempt.input);
    if (!payment) return;
    if (attempt.id !== null && attempt.id !== payment.id) throw new Error('one key led to two payments');
    attempt.id = payment.id;
    const shown = payment.checkoutUrl ?? payment.qrCode?.imageUrl;
    if (shown) this.#shown.set(payment.id, shown);
  }

  /** Payers pay only what they were shown. */
  async #pay(
    number: number,
    outcome: 'CAPTURED' | 'FAILED' | 'AUTHORIZED',
    amountMinor?: number,
  ): Promise<void> {
    const id = pick(this.paymentIds, number);
    if (!id) return;
    const { checkoutUrl, qrCode } = await readPayment(this.#stage.world, this.actor, id);
    const url = checkoutUrl ?? qrCode?.imageUrl ?? this.#shown.get(id);
    const orderId = url?.split('/').at(-1);
    if (orderId)
      this.#eachGateway(
        (gateway) => void (gateway.orders.has(orderId) && gateway.pay(orderId, outcome, amountMinor)),
      );
  }

  async #deliver(number: number, times: number): Promise<void> {
    const { world, gateways } = this.#stage;
    const gateway = pick(gateways, number);
    const webhook = gateway && pick(this.#webhooksOf(gateway), number);
    if (!webhook) return;
    await Promise.all(Array.from({ length: times }, () => deliver(world, gateway, webhook)));
  }

  #webhooksOf(gateway: SimulatedGateway) {
    const paid = new Set(this.#paidAt(gateway).map(({ id }) => id));
    const refunds = new Set(this.#refundsAt(gateway).map(({ id }) => id));
    return gateway.outbox.filter(({ hint }) =>
      hint.kind === 'PAYMENT' ? paid.has(hint.paymentId ?? '') : refunds.has(hint.vendorRefundId),
    );
  }

  async #confirm(number: number): Promise<void> {
    const paymentId = pick(this.paymentIds, number);
    if (!paymentId) return;
    const paid = this.#stage.gateways.flatMap((gateway) => this.#paidAt(gateway));
    const { id, orderId } = pick(paid, number) ?? {};
    const fields = [
      { name: 'payment', value: String(id) },
      { name: 'signature', value: `signed:${orderId}:${id}` },
    ];
    await this.#mutate('confirmPayment', { paymentId, fields });
  }

  async #mutate(name: string, input: object): Promise<void> {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { payment { status } } }`;
    const { errors } = await this.#stage.world.app.execute(
      { query, variables: { input } },
      testIdentity(this.actor),
    );
    if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  }

  /** An answer may overtake another, or come twice; one that comes too early comes again. */
  async #answer(number: number, times: number): Promise<void> {
    const { owner, world } = this.#stage;
    const answer = pick(
      owner.answers.filter(({ aggregateId }) => aggregateId === this.request.payable.id),
      number,
    );
    if (!answer) return;
    await Promise.allSettled(Array.from({ length: times }, () => world.app.consume(answer)));
  }

  #paidAt(gateway: SimulatedGateway) {
    const orders = new Set(this.paymentIds.flatMap((id) => gateway.ordersOf(id).map((order) => order.id)));
    return [...gateway.payments.values()].filter(({ orderId }) => orders.has(orderId ?? ''));
  }

  #refundsAt(gateway: SimulatedGateway) {
    const paid = new Set(this.#paidAt(gateway).map(({ id }) => id));
    return [...gateway.refunds.values()].filter(({ vendorPaymentId }) => paid.has(vendorPaymentId));
  }

  #eachGateway(act: (gateway: SimulatedGateway) => void): void {
    for (const gateway of this.#stage.gateways) act(gateway);
  }
}

export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(list.length, 1)];
}
