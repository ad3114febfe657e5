import { type SqlClient, type TransactionHost, transaction } from '@suvidha/db';
import type { JobHandler, JobHandlers } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import { categoryOf, TemplateError } from '@suvidha/notification-templates';
import type { Sealer } from '@suvidha/seal';
import { z } from 'zod';
import { type DeliveryLimits, defaultLimits, spend } from './delivery/budget.ts';
import { unsealContent } from './delivery/content.ts';
import {
  type Attempt,
  beginAttempt,
  findDelivery,
  recordEnding,
  recordNotSent,
  recordSent,
} from './delivery/delivery.queries.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Destination } from './delivery/destination.rules.ts';
import { addSendJob, hashAddress, sendNotificationTask } from './notifier.ts';
import { decide, type Preferences } from './preferences.rules.ts';
import { createRoute, type Route } from './route.ts';
import { settle } from './settlement.ts';
import { VendorError } from './vendor/vendor.error.ts';
import type { Vendors } from './vendor/vendor.ts';

export interface DispatcherOptions<Tx extends SqlClient> {
  readonly db: SqlClient & TransactionHost<Tx>;
  readonly sealer: Sealer;
  readonly vendors: Vendors;
  readonly log: Log;
  readonly now: () => Date;
  /** Default {@link defaultLimits}. */
  readonly limits?: Partial<DeliveryLimits>;
  /** What a person wants, or null when they never said. */
  readonly findPreferences: (userId: string) => Promise<Preferences | null>;
  /** A vendor says that nothing reaches this destination any more: forget it. It may be told twice. */
  readonly onUndeliverable?: (destination: Destination) => Promise<void>;
}

/** A delivery without a time limit of its own is given up after so long, with a replay at hand. */
const patienceMs = 2 * 24 * 3_600_000;

/** Nothing was sent this time; the job tries again with back-off. */
class NotSentYetError extends Error {
  override readonly name = 'NotSentYetError';
}

const job = z.object({ deliveryId: z.uuid() });

/** The job handlers that send what a notifier has queued. */
export function createNotificationHandlers<Tx extends SqlClient>(
  options: DispatcherOptions<Tx>,
): JobHandlers {
  const dispatcher = new Dispatcher(options);
  const handler: JobHandler = (payload) => dispatcher.deliver(job.parse(payload).deliveryId);
  return { [sendNotificationTask]: handler };
}

class Dispatcher<Tx extends SqlClient> {
  readonly #options: DispatcherOptions<Tx>;
  readonly #limits: DeliveryLimits;

  constructor(options: DispatcherOptions<Tx>) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
  }

  /** Brings a delivery one step on: sent, ended, or thrown to be tried again. Done already, it does nothing. */
  async deliver(id: string): Promise<void> {
    const stored = await findDelivery(this.#options.db, id);
    const route = stored && (await this.#prepare(stored));
    if (!stored || !route) return;
    const delivery = await this.#settle(stored, route);
    if (delivery?.status !== 'QUEUED') return;
    if (await this.#endIfLate(delivery)) return;
    if (await this.#heedWishes(delivery)) return;
    await this.#send(delivery, route);
  }

  /** What there is to send; null when it was done before, or ends here because nobody can read it. */
  async #prepare(delivery: Delivery): Promise<Route | null> {
    const { vendors, sealer, log } = this.#options;
    const { id, status, sealedContent } = delivery;
    if ((status !== 'QUEUED' && status !== 'SENDING') || sealedContent === null) return null;
    try {
      return createRoute(delivery, unsealContent(sealer, sealedContent), vendors);
    } catch (error) {
      // Trying again would end the same way: it takes another release, or the master key it was sealed with.
      log.error({ deliveryId: id, error }, 'a message cannot be read');
      const reason = error instanceof TemplateError ? error.code : 'UNREADABLE';
      await this.#end(delivery, 'DEAD', reason);
      return null;
    }
  }

  /** An attempt that was begun and has no outcome is cleared up before another is made. */
  async #settle(delivery: Delivery, route: Route): Promise<Delivery | null> {
    const { db, now } = this.#options;
    if (delivery.status !== 'SENDING') return delivery;
    await settle({ db, now }, delivery, route);
    return findDelivery(db, delivery.id);
  }

  async #endIfLate(delivery: Delivery): Promise<boolean> {
    const now = this.#options.now();
    const { expiresAt, queuedAt, reason } = delivery;
    if (expiresAt && expiresAt <= now) {
      await this.#end(delivery, 'EXPIRED', reason ?? 'TOO_LATE');
      return true;
    }
    if (queuedAt.getTime() + patienceMs > now.getTime()) return false;
    await this.#end(delivery, 'DEAD', reason ?? 'TOO_LATE');
    return true;
  }

  async #heedWishes(delivery: Delivery): Promise<boolean> {
    const { findPreferences, now, db } = this.#options;
    const category = categoryOf(delivery.template);
    const isAsked = category !== 'SECURITY' && delivery.userId !== null;
    const preferences = isAsked && delivery.userId ? await findPreferences(delivery.userId) : null;
    const decision = decide({ category, channel: delivery.channel }, preferences, now());
    if (decision.kind === 'DROP') await this.#end(delivery, 'SUPPRESSED', 'SWITCHED_OFF');
    if (decision.kind === 'WAIT') await addSendJob(db, delivery.id, decision.until);
    return decision.kind !== 'SEND';
  }

  /** Tries the vendors one after the other, as long as it is certain that none has sent it. */
  async #send(delivery: Delivery, route: Route): Promise<void> {
    let latest: Attempt = delivery;
    for (const vendor of route.vendors) {
      const attempt = await this.#begin(latest, delivery, route, vendor.name);
      if (attempt === null) return;
      if ((await this.#call(attempt, route, vendor)) === 'DONE') return;
      latest = attempt;
    }
    if (route.vendors.length === 0)
      this.#options.log.warn({ template: delivery.template }, 'no vendor can send it');
    throw new NotSentYetError();
  }

  /** Counts what is sent against the limits, once per delivery, together with the first attempt. */
  #begin(
    latest: Attempt,
    { id, channel }: Delivery,
    { address }: Route,
    vendor: Route['vendors'][number]['name'],
  ): Promise<Attempt | null> {
    const { db, sealer } = this.#options;
    const now = this.#options.now();
    const hash = (text: string) => hashAddress(sealer, text);
    return transaction<Tx, Attempt | null>(db, async (tx) => {
      const begun = await beginAttempt(tx, latest, { vendor, now });
      if (begun === null || begun.attempts > 1) return begun;
      const excess = await spend(tx, { channel, address, hash }, { limits: this.#limits, now });
      if (excess === null) return begun;
      this.#options.log.warn({ deliveryId: id, limit: excess }, 'a message was over a limit');
      await recordEnding(tx, begun, { status: 'SUPPRESSED', reason: excess, now });
      return null;
    });
  }

  async #call(attempt: Attempt, route: Route, vendor: Route['vendors'][number]): Promise<'DONE' | 'NEXT'> {
    const { db, now } = this.#options;
    try {
      const messageId = await vendor.send();
      await recordSent(db, attempt, { messageId, now: now() });
      return 'DONE';
    } catch (error) {
      // An unknown outcome stays written as SENDING: the next run settles it.
      if (!(error instanceof VendorError) || error.outcome === 'UNKNOWN') throw error;
      if (error.outcome === 'UNDELIVERABLE') return this.#giveUp(attempt, route, error.code);
      this.#options.log.warn(
        { deliveryId: attempt.id, vendor: vendor.name, error },
        'a vendor did not send it',
      );
      await recordNotSent(db, attempt, error.code);
      return 'NEXT';
    }
  }

  async #giveUp(attempt: Attempt, { channel, address }: Route, code: string): Promise<'DONE'> {
    await this.#options.onUndeliverable?.({ channel, address });
    await this.#end(attempt, 'FAILED', code);
    return 'DONE';
  }

  #end(
    attempt: Attempt,
    status: 'FAILED' | 'DEAD' | 'EXPIRED' | 'SUPPRESSED',
    reason: string,
  ): Promise<void> {
    const { db, now } = this.#options;
    return recordEnding(db, attempt, { status, reason, now: now() });
  }
}
