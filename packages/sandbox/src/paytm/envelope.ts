import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { InjectedFault } from '../control/http-faults.ts';
import { isSigned, signText } from './checksum.ts';
import { PaytmRefusal, type ResultInfo, results } from './result.ts';

export type Body = Record<string, unknown>;

const envelope = z.object({
  head: z.object({ signature: z.string() }),
  body: z.record(z.string(), z.unknown()),
});

/** The body of a request whose checksum holds. @throws PaytmRefusal */
export function openEnvelope(request: unknown, merchantKey: string): Body {
  const { data } = envelope.safeParse(request);
  if (data === undefined) throw new PaytmRefusal(results.parametersInvalid);
  const isGenuine = isSigned(JSON.stringify(data.body), merchantKey, data.head.signature);
  if (!isGenuine) throw new PaytmRefusal(results.checksumInvalid);
  return data.body;
}

/** An answer with its head, signed like a request. */
export function toEnvelope(body: Body, merchantKey: string): object {
  return {
    head: {
      responseTimestamp: String(Date.now()),
      version: 'v1',
      signature: signText(JSON.stringify(body), merchantKey),
    },
    body,
  };
}

/** Refusals with HTTP 200, as Paytm does; only injected faults and broken JSON have another status. */
export function setEnvelopeErrors(app: FastifyInstance, merchantKey: string): void {
  const send = (reply: FastifyReply, status: number, resultInfo: ResultInfo) =>
    reply.status(status).send(toEnvelope({ resultInfo }, merchantKey));
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof PaytmRefusal) return send(reply, 200, error.info);
    if (error instanceof InjectedFault) return send(reply, error.statusCode, results.systemError);
    const isClientFault = error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500;
    return isClientFault
      ? send(reply, 200, results.parametersInvalid)
      : send(reply, 500, results.systemError);
  });
}
