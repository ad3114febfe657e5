import { identityHeader, signIdentity } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import type { JobHandlers } from '@suvidha/jobs';
import { z } from 'zod';
import { type DomainEvent, parseEvent } from './event.ts';

/** Name of the durable job that brings one event to one consumer. */
export const deliverEventTask = 'deliver-event';

/** Brings an event to a subgraph; resolves only when that subgraph has committed it. */
export type EventTransport = (consumer: string, event: DomainEvent) => Promise<void>;

const job = z.object({ consumer: z.string(), event: z.unknown() });

export function createDeliveryHandlers(transport: EventTransport): JobHandlers {
  return {
    [deliverEventTask]: async (payload) => {
      const { consumer, event } = job.parse(payload);
      await transport(consumer, parseEvent(event));
    },
  };
}

export interface HttpTransportOptions {
  /** The name of the service that sends. */
  readonly issuer: string;
  /** Shared secret of the signed identity. */
  readonly secret: string;
  /** Base address of each subgraph, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

/** Delivers events by a signed `POST /internal/events`. */
export function createHttpTransport({
  issuer,
  secret,
  urls,
  timeoutMs = 10_000,
}: HttpTransportOptions): EventTransport {
  return async (consumer, event) => {
    const base = urls[consumer];
    if (!base) throw new AppError('INTERNAL_SERVER_ERROR', `No address is configured for ${consumer}.`);
    const body = JSON.stringify(event);
    const identity = { issuer, actor: { kind: 'service', service: issuer } as const, requestId: event.id };
    const response = await fetch(new URL('/internal/events', base), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [identityHeader]: signIdentity(secret, identity, { audience: consumer, operation: body }),
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new AppError('UPSTREAM_UNAVAILABLE', `${consumer} did not take the event.`);
  };
}
