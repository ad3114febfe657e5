import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Call, Step } from './calls.ts';
import type { Faults } from './faults.ts';
import { HoldDropped } from './holds.ts';
import type { Fault } from './scenarios.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The call this route imitates: names the points where faults can strike it. */
    call?: Call;
  }
}

/** A fault inside the imitated party; its error handler gives it that party's shape. */
export class InjectedFault extends Error {
  readonly statusCode: 200 | 429 | 500;

  constructor(statusCode: 200 | 429 | 500) {
    super('injected fault');
    this.statusCode = statusCode;
  }
}

/** What a caller that is turned away for its rate shall wait, in seconds. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Lets faults strike every route that names its call, before its handler and after it. The answer is held in
 * `onSend`, when all effects have happened.
 */
export function addFaultHooks(app: FastifyInstance, faults: Faults): void {
  app.addHook('preHandler', async (request, reply) => {
    const { call } = request.routeOptions.config;
    if (call === undefined) return;
    const isAnswered = await strike(faults, { call, step: 'before', reply });
    if (!isAnswered) reply.hijack();
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { call } = request.routeOptions.config;
    if (call !== undefined && reply.statusCode < 400) await strike(faults, { call, step: 'after', reply });
    return payload;
  });
}

/** False when the client went away, or was cut off, meanwhile: then nobody waits for an answer. */
async function strike(faults: Faults, at: { call: Call; step: Step; reply: FastifyReply }): Promise<boolean> {
  const gone = new AbortController();
  const onClose = () => gone.abort();
  at.reply.raw.once('close', onClose);
  try {
    const fault = await faults.strike({ call: at.call, step: at.step, signal: gone.signal });
    if (fault !== null) await actOut(fault, at.reply, gone.signal);
    return !gone.signal.aborted;
  } catch (error) {
    if (error instanceof HoldDropped) at.reply.raw.destroy();
    else if (!gone.signal.aborted) throw error;
    return false;
  } finally {
    at.reply.raw.off('close', onClose);
  }
}

async function actOut(fault: Fault, reply: FastifyReply, gone: AbortSignal): Promise<void> {
  switch (fault.name) {
    case 'timeout':
      await once(gone, 'abort');
      return;
    case 'reset':
      reply.raw.socket?.resetAndDestroy();
      await once(gone, 'abort');
      return;
    case 'delayed':
      await sleep(fault.delayMs, undefined, { signal: gone });
      return;
    case 'rate-limited':
      reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw new InjectedFault(429);
    case 'system-error':
      throw new InjectedFault(200);
    default:
      throw new InjectedFault(500);
  }
}
