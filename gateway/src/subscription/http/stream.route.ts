import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Lease } from '../../auth/lease.ts';
import type { Trust } from '../../auth/trust.ts';
import type { ClientIdentity } from '../../pipeline/client-identity.ts';
import type { OperationParams, Pipeline } from '../../pipeline/pipeline.ts';
import { toStreamErrors } from '../stream/stream.errors.ts';
import { eventStream } from './event-stream.format.ts';
import { HttpStream, type StreamFormat } from './http.stream.ts';
import { multipart } from './multipart.format.ts';

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

/** How the client wants its operation streamed; undefined when it wants one answer. */
export function findStreamFormat({ headers: { accept = '' } }: FastifyRequest): StreamFormat | undefined {
  if (accept.includes('text/event-stream')) return eventStream;
  return /multipart\/mixed[^,]*;\s*subscriptionSpec="?1\.0/i.test(accept) ? multipart : undefined;
}

export interface StreamAnswer {
  /** Answers an operation as a stream, until it is over, or the client is gone, or its token no longer holds. */
  answer(request: FastifyRequest, reply: FastifyReply, how: StreamRequest): Promise<FastifyReply>;
  /** Ends all streams: their clients come back, elsewhere. */
  end(): void;
}

/** Streams that this process answers at a time. */
const maxStreams = 50_000;

export interface StreamRequest {
  readonly format: StreamFormat;
  readonly identity: ClientIdentity;
}

export function createStreamAnswer({ pipeline, trust }: { pipeline: Pipeline; trust: Trust }): StreamAnswer {
  const open = new Set<HttpStream>();
  return {
    answer: async (request, reply, { format, identity }) => {
      const operation = readOperation(request);
      if (!operation) return reply.code(400).send(badRequest);
      if (open.size >= maxStreams) return reply.code(503).header('retry-after', '5').send(tooMany);
      reply.hijack();
      const stream = new HttpStream(reply.raw, request.id, format);
      const lease = new Lease(identity, trust, (why) => stream.fail(toStreamErrors(why)));
      open.add(stream);
      reply.raw.once('close', () => {
        open.delete(stream);
        lease.end();
      });
      const caller = { identity, requestId: request.id, isReadOnly: request.method === 'GET' };
      stream.start((receiver) => pipeline.open(operation, caller, receiver));
      return reply;
    },
    end: () => {
      for (const stream of open) stream.fail(toStreamErrors('INTERRUPTED'));
    },
  };
}

function readOperation({ method, query, body }: FastifyRequest): OperationParams | null {
  const { data } = method === 'GET' ? urlParams.safeParse(query) : params.safeParse(body);
  if (!data) return null;
  return {
    query: data.query,
    operationName: data.operationName ?? undefined,
    variables: data.variables ?? {},
  };
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
