import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../control/calls.ts';
import type { Faults } from '../control/faults.ts';
import type { Fault } from '../control/scenarios.ts';
import type { Delivery, QueuedEvent } from './delivery.ts';

/** Milliseconds. */
export interface WebhookTiming {
  /** How long the merchant may take to answer. */
  receiverTimeoutMs: number;
  /** The pause before the second attempt; it doubles from then on. */
  firstRetryMs: number;
  maxRetryMs: number;
  /** How long an event is worth trying. */
  lifetimeMs: number;
}

/** As long as Razorpay waits and tries, but for the pauses: they are scaled down from minutes. */
const TIMING: WebhookTiming = {
  receiverTimeoutMs: 5_000,
  firstRetryMs: 200,
  maxRetryMs: 5_000,
  lifetimeMs: 24 * 60 * 60 * 1000,
};

const CAPACITY = 1000;

export interface DeliveryQueueParts {
  /** What the scenarios call one attempt of this party. */
  call: WebhookCall;
  /** Where the merchant wants its events; null sends none. */
  url: string | null;
  timing?: Partial<WebhookTiming> | undefined;
  faults: Faults;
  log: (line: object) => void;
}

/** Calls that send a webhook. */
export type WebhookCall = Extract<Call, `${string}.send-webhook`>;

/**
 * A party's queue of webhook events: delivered at least once, retried with doubling pauses until 24 hours are over.
 */
export class DeliveryQueue {
  /** Takes the retries of older events too, like a change on the merchant's dashboard. */
  url: string | null;
  private readonly call: WebhookCall;
  private readonly faults: Faults;
  private readonly log: (line: object) => void;
  private readonly timing: WebhookTiming;
  private deliveries: Delivery[] = [];
  /** First attempts go out one after another, so that order changes only when a scenario says so. */
  private lane: Promise<void> = Promise.resolve();
  /** Events a `reordered` scenario has collected so far. */
  private shuffled: QueuedEvent[] = [];
  private stopping = new AbortController();

  constructor({ call, url, timing, faults, log }: DeliveryQueueParts) {
    this.call = call;
    this.url = url;
    this.timing = { ...TIMING, ...timing };
    this.faults = faults;
    this.log = log;
  }

  /** Newest first. */
  list(): Delivery[] {
    return this.deliveries.map((delivery) => ({ ...delivery }));
  }

  enqueue(queued: QueuedEvent): void {
    if (this.url === null) queued.delivery.state = 'unsubscribed';
    this.deliveries.unshift(queued.delivery);
    this.deliveries.length = Math.min(this.deliveries.length, CAPACITY);
    if (queued.delivery.state === 'pending') this.run(this.dispatch(queued));
  }

  /** Sends, last first, what a `reordered` scenario has collected, though it is not complete. */
  flushReordered(): void {
    const batch = this.shuffled.reverse();
    this.shuffled = [];
    for (const queued of batch) this.run(this.deliver(queued, this.stopping.signal));
  }

  /** Forgets every event. */
  clear(): void {
    this.stopping.abort();
    this.stopping = new AbortController();
    this.shuffled = [];
    this.deliveries = [];
    this.lane = Promise.resolve();
  }

  private run(work: Promise<void>): void {
    const { signal } = this.stopping;
    work.catch((error: unknown) => {
      if (!signal.aborted) this.log({ msg: 'webhook delivery broke', error: String(error) });
    });
  }

  /** Meets the faults that concern the event as a whole, then delivers it. */
  private async dispatch(queued: QueuedEvent): Promise<void> {
    const { signal } = this.stopping;
    const fault = await this.strike(queued, signal);
    switch (fault?.name) {
      case 'lost':
        queued.delivery.state = 'lost';
        return;
      case 'reordered':
        this.shuffled.push(queued);
        if (fault.remaining === 0) this.flushReordered();
        return;
      case 'delayed':
        await sleep(fault.delayMs, undefined, { signal });
        break;
      case 'duplicate':
        this.run(this.deliver(queued, signal));
        break;
      case 'bad-signature':
        queued.request = queued.forged;
        break;
    }
    await this.deliver(queued, signal);
  }

  private async deliver(queued: QueuedEvent, signal: AbortSignal): Promise<void> {
    const { firstRetryMs, maxRetryMs, lifetimeMs } = this.timing;
    const expiresAtMs = Date.parse(queued.delivery.createdAt) + lifetimeMs;
    let isAccepted = await this.attemptInTurn(queued, signal);
    for (let pauseMs = firstRetryMs; !isAccepted; pauseMs = Math.min(pauseMs * 2, maxRetryMs)) {
      if (Date.now() + pauseMs > expiresAtMs) {
        queued.delivery.state = 'expired';
        return;
      }
      await sleep(pauseMs, undefined, { signal });
      await this.faults.holds.pass(`${this.call}.before`, signal);
      isAccepted = await this.attempt(queued, signal);
    }
    queued.delivery.state = 'delivered';
  }

  /** The first attempt, when those of earlier events are over. */
  private attemptInTurn(queued: QueuedEvent, signal: AbortSignal): Promise<boolean> {
    const attempt = this.lane.then(() => this.attempt(queued, signal));
    this.lane = attempt.then(
      () => undefined,
      () => undefined,
    );
    return attempt;
  }

  /** One request to the merchant; true when it answered 2xx in time. */
  private async attempt(queued: QueuedEvent, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const { delivery } = queued;
    delivery.attempts += 1;
    delivery.lastStatus = await this.post(queued, signal);
    const isAccepted =
      delivery.lastStatus !== null && delivery.lastStatus >= 200 && delivery.lastStatus < 300;
    if (isAccepted) delivery.accepted += 1;
    this.log({
      msg: 'webhook',
      event: delivery.event,
      attempt: delivery.attempts,
      status: delivery.lastStatus,
    });
    return isAccepted;
  }

  /** The status of the answer; null when the merchant is unreachable, too slow, or nowhere. */
  private async post(queued: QueuedEvent, signal: AbortSignal): Promise<number | null> {
    if (this.url === null) return null;
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        ...queued.request,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.timing.receiverTimeoutMs)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      signal.throwIfAborted();
      return null;
    }
  }

  private strike(queued: QueuedEvent, signal: AbortSignal): Promise<Fault | null> {
    return this.faults.strike({
      call: this.call,
      step: 'before',
      event: queued.delivery.event,
      signal,
    });
  }
}
