import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ClientIdentity } from '../../auth/client-identity.ts';
import { Lease } from '../../auth/lease.ts';
import type { Trust } from '../../auth/trust.ts';
import type { OperationParams, Pipeline } from '../../pipeline/pipeline.types.ts';
import type { AddressLimit } from '../address.limit.ts';
import { toStreamErrors } from '../stream/stream.errors.ts';
import { HttpStream, type StreamFormat } from './http.stream.ts';
import { findStreamOffer } from './stream.negotiation.ts';

const variables = z.record(z.string(), z.unknown()).nullish();

const params = z.object({ query: z.string(), operationName: z.string().nullish(), variables });

/** In a URL the variables are JSON text. */
const urlParams = params.extend({ variables: z.string().transform(parseJson).pipe(variables).nullish() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface StreamAnswer {
  /**
   * Answers an operation as a stream, until it is over, or the client is gone, or its token no longer holds. Undefined
   * when the client wants, and can have, its answer in one piece.
   */
  answer(request: FastifyRequest, reply: FastifyReply, identity: ClientIdentity): FastifyReply | undefined;
  /** Ends all streams: their clients come back, elsewhere. */
  end(): void;
}

/** Streams that this process answers at a time. */
const maxStreams = 50_000;

export interface StreamAnswerParts {
  readonly pipeline: Pipeline;
  readonly trust: Trust;
  readonly addresses: AddressLimit;
}

export function createStreamAnswer({ pipeline, trust, addresses }: StreamAnswerParts): StreamAnswer {
  const open = new Set<HttpStream>();
  const stream = (operation: OperationParams, { request, reply, format, identity }: StreamRequest) => {
    if (open.size >= maxStreams) return refuse(reply, 503);
    const leave = addresses.take(identity.client?.address ?? '');
    if (!leave) return refuse(reply, 429);
    reply.hijack();
    const answer = new HttpStream(reply.raw, reply.getHeaders(), format);
    const lease = new Lease(identity, trust, (why) => answer.fail(toStreamErrors(why)));
    open.add(answer);
    reply.raw.once('close', () => {
      open.delete(answer);
      lease.end();
      leave();
    });
    const caller = { identity, requestId: request.id, isReadOnly: request.method === 'GET' };
    answer.start((receiver) => pipeline.open(operation, caller, receiver));
    return reply;
  };
  return {
    answer: (request, reply, identity) => {
      const offer = findStreamOffer(request.headers.accept);
      if (!offer) return undefined;
      const operation = readOperation(request);
      if (offer.isSecondChoice && !(operation && pipeline.isSubscription(operation))) return undefined;
      if (!operation) return reply.code(400).send(badRequest);
      // Who has left while they were identified is not there to be told of by `close` any more.
      if (reply.raw.destroyed) return reply.hijack();
      return stream(operation, { request, reply, format: offer.format, identity });
    },
    end: () => {
      for (const answer of open) answer.fail(toStreamErrors('INTERRUPTED'));
    },
  };
}

interface StreamRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly format: StreamFormat;
  readonly identity: ClientIdentity;
}

function readOperation({ method, query, body, headers }: FastifyRequest): OperationParams | null {
  const { data } = method === 'GET' ? urlParams.safeParse(query) : params.safeParse(body);
  if (!data) return null;
  return {
    query: data.query,
    operationName: data.operationName ?? undefined,
    variables: data.variables ?? {},
    after: readLastEventId(headers),
  };
}

/** What a browser's `EventSource` sends when it comes back by itself: the `id` of the last event that it got. */
function readLastEventId({ 'last-event-id': id }: FastifyRequest['headers']): string | undefined {
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function refuse(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).header('retry-after', '5').send(tooMany);
}

const tooMany = {
  errors: [
    {
      message: 'There are as many streams as there can be: try again later.',
      extensions: { code: 'RATE_LIMITED' },
    },
  ],
};

const badRequest = {
  errors: [
    {
      message: 'The request must have a query, and variables that are JSON.',
      extensions: { code: 'BAD_REQUEST' },
    },
  ],
};
