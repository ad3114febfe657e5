import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { AppError } from '@suvidha/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { anonymousClient, type ClientIdentity } from '../auth/client-identity.ts';
import type { ReadClientInfo } from '../auth/client-info.ts';
import type { Identify } from '../auth/identify.ts';
import type { Trust } from '../auth/trust.ts';
import { Cancellation, type CancelSignal, readDirectRequest, toDirectResponse } from '../engine/index.ts';
import { findNestingError } from '../pipeline/nesting.ts';
import type { Caller, Pipeline } from '../pipeline/pipeline.types.ts';
import { fromAppError } from '../pipeline/safe-error.ts';
import type { AddressLimit } from '../subscription/address.limit.ts';
import { createStreamAnswer } from '../subscription/http/stream.route.ts';
import type { HttpContext } from './apollo.server.ts';
import { findPartsAnswer } from './parts.answer.ts';

export interface GraphQLRoutesOptions {
  readonly apollo: ApolloServer<HttpContext>;
  readonly pipeline: Pipeline;
  readonly identify: Identify;
  readonly readClient: ReadClientInfo;
  readonly trust: Trust;
  readonly addresses: AddressLimit;
}

/** `/graphql` over HTTP: Apollo Server for queries and mutations, our own pipeline for event streams and answers in parts. */
export async function registerGraphQL(server: FastifyInstance, options: GraphQLRoutesOptions): Promise<void> {
  const { apollo, pipeline } = options;
  const answerOnce = fastifyApolloHandler<HttpContext>(apollo, {
    context: async (request, reply) => ({
      identity: clientOf(request),
      requestId: request.id,
      signal: signalOf(reply),
    }),
  });
  const streams = createStreamAnswer(options);
  server.addHook('preClose', async () => streams.end());
  server.decorateRequest('graphqlClient', null);
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    preHandler: (request, reply) => authenticate(request, reply, options),
    handler: async (request, reply) => {
      const stream = streams.answer(request, reply, clientOf(request));
      if (stream) return stream;
      const parts = findPartsAnswer(request, pipeline, () => callerOf(request, reply));
      if (parts) return reply.headers(parts.headers).send(parts.body);
      const direct = await answerDirectly(request, reply, pipeline);
      if (direct) return reply.headers(direct.headers).send(direct.text);
      const tooDeep = findNestingError(textOf(request));
      if (tooDeep) return reply.code(400).send({ errors: [tooDeep] });
      return answerOnce.call(server, request, reply);
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
  const json = await pipeline.answer(direct, callerOf(request, reply));
  return json === undefined ? undefined : toDirectResponse(direct, json);
}

/** The document, wherever it stands in a request; empty when there is none that can be read. */
function textOf({ method, query, body }: FastifyRequest): string {
  const { query: text } = ((method === 'GET' ? query : body) ?? {}) as { readonly query?: unknown };
  return typeof text === 'string' ? text : '';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; null until that is known. */
    graphqlClient: ClientIdentity | null;
  }
}

function clientOf(request: FastifyRequest): ClientIdentity {
  return request.graphqlClient ?? anonymousClient;
}

function callerOf(request: FastifyRequest, reply: FastifyReply): Caller {
  return { identity: clientOf(request), requestId: request.id, signal: signalOf(reply) };
}

async function authenticate(
  request: FastifyRequest,
  reply: FastifyReply,
  { identify, readClient }: GraphQLRoutesOptions,
): Promise<void> {
  reply.header('x-request-id', request.id);
  try {
    const identity = await identify(request.headers.authorization);
    request.graphqlClient = { ...identity, client: readClient(request.raw) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const status = error.code === 'UNAUTHENTICATED' ? 401 : 503;
    await reply.code(status).send({ errors: [fromAppError(error)] });
  }
}

/** Aborts when the client goes away before it has its answer. */
function signalOf(reply: FastifyReply): CancelSignal {
  const left = new Cancellation();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return left;
}
