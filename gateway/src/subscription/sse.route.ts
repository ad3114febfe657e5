import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EngineResult } from '../engine/index.ts';
import type { ClientIdentity } from '../pipeline/client-identity.ts';
import type { Pipeline, Responses } from '../pipeline/pipeline.ts';

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

/** Keeps proxies from closing a quiet stream. */
const heartbeatMs = 12_000;

/** Whether the client asks for an event stream. */
export function wantsEventStream(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/event-stream') ?? false;
}

/**
 * Answers an operation as server-sent events, in the distinct connections mode of GraphQL over SSE
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
 */
export async function answerEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { pipeline, identity }: { pipeline: Pipeline; identity: ClientIdentity },
): Promise<FastifyReply> {
  const isRead = request.method === 'GET';
  const parsed = isRead ? urlParams.safeParse(request.query) : params.safeParse(request.body);
  if (!parsed.success)
    return reply.code(400).send({
      errors: [
        {
          message: 'The request must have a query, and variables that are JSON.',
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    });
  const { data } = parsed;
  const operation = {
    query: data.query,
    operationName: data.operationName ?? undefined,
    variables: data.variables ?? {},
  };
  const left = new AbortController();
  const caller = { identity, requestId: request.id, signal: left.signal, isReadOnly: isRead };
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-request-id': request.id,
  });
  reply.raw.flushHeaders();
  const result = await pipeline.run(operation, caller);
  const responses = Symbol.asyncIterator in result ? result : once(result);
  reply.raw.once('close', () => {
    left.abort();
    void responses.return?.();
  });
  await writeEvents(reply, responses);
  return reply;
}

async function writeEvents(reply: FastifyReply, responses: Responses): Promise<void> {
  const heartbeat = setInterval(() => reply.raw.write(':\n\n'), heartbeatMs);
  try {
    for await (const response of responses)
      await write(reply, `event: next\ndata: ${JSON.stringify(response)}\n\n`);
  } catch (error) {
    reply.log.warn({ error }, 'an event stream was interrupted');
    const interrupted = {
      errors: [
        {
          message: 'Interrupted: resume with the last cursor.',
          extensions: { code: 'UPSTREAM_UNAVAILABLE' },
        },
      ],
    };
    await write(reply, `event: next\ndata: ${JSON.stringify(interrupted)}\n\n`);
  } finally {
    clearInterval(heartbeat);
    reply.raw.end('event: complete\ndata:\n\n');
  }
}

/** Waits for a slow client, so that its events wait upstream and not in our memory. */
async function write({ raw }: FastifyReply, text: string): Promise<void> {
  if (raw.destroyed || raw.write(text)) return;
  await new Promise<void>((resolve) => {
    raw.once('drain', resolve);
    raw.once('close', resolve);
  });
}

async function* once(result: EngineResult): Responses {
  yield result;
}
