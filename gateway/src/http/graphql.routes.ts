import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { AppError } from '@suvidha/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identify } from '../auth/identify.ts';
import { readDirectRequest, toDirectResponse } from '../engine/index.ts';
import { anonymousClient, type ClientIdentity } from '../pipeline/client-identity.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { fromAppError } from '../pipeline/safe-error.ts';
import { answerEventStream, wantsEventStream } from '../subscription/sse.route.ts';
import type { HttpContext } from './apollo.server.ts';

export interface GraphQLRoutesOptions {
  readonly apollo: ApolloServer<HttpContext>;
  readonly pipeline: Pipeline;
  readonly identify: Identify;
}

/** `/graphql` over HTTP: Apollo Server for queries and mutations, our own pipeline for event streams. */
export async function registerGraphQL(server: FastifyInstance, options: GraphQLRoutesOptions): Promise<void> {
  const { apollo, pipeline, identify } = options;
  const answerOnce = fastifyApolloHandler<HttpContext>(apollo, {
    context: async (request, reply) => ({
      identity: clientOf(request),
      requestId: request.id,
      signal: signalOf(reply),
    }),
  });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    preHandler: (request, reply) => authenticate(request, reply, identify),
    handler: async (request, reply) => {
      if (wantsEventStream(request))
        return answerEventStream(request, reply, { pipeline, identity: clientOf(request) });
      const direct = await answerDirectly(request, reply, pipeline);
      if (!direct) return answerOnce.call(server, request, reply);
      return reply.headers(direct.headers).send(direct.text);
    },
  });
}

/**
 * The answer of the engine alone to a plain request: the same bytes as Apollo Server's, without its work. Undefined:
 * this request is for Apollo Server. It must not answer the reply itself, because a reply that is awaited is waited
 * for until it is sent.
 */
async function answerDirectly(
  request: FastifyRequest,
  reply: FastifyReply,
  pipeline: Pipeline,
): Promise<ReturnType<typeof toDirectResponse> | undefined> {
  const { 'content-type': contentType, accept } = request.headers;
  const direct = readDirectRequest({ method: request.method, contentType, accept, body: request.body });
  if (!direct) return undefined;
  const caller = { identity: clientOf(request), requestId: request.id, signal: signalOf(reply) };
  const json = await pipeline.answer(direct, caller);
  return json === undefined ? undefined : toDirectResponse(direct, json);
}

const clients = new WeakMap<FastifyRequest, ClientIdentity>();

function clientOf(request: FastifyRequest): ClientIdentity {
  return clients.get(request) ?? anonymousClient;
}

async function authenticate(request: FastifyRequest, reply: FastifyReply, identify: Identify): Promise<void> {
  reply.header('x-request-id', request.id);
  try {
    clients.set(request, await identify(request.headers.authorization));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const status = error.code === 'UNAUTHENTICATED' ? 401 : 503;
    await reply.code(status).send({ errors: [fromAppError(error)] });
  }
}

/** Aborts when the client goes away before it has its answer. */
function signalOf(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return left.signal;
}
