import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { AppError } from '@suvidha/errors';
import { type ExecutionArgs, GraphQLError, parse } from 'graphql';
import type { Context } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Identify } from '../auth/identify.ts';
import { anonymousClient, type ClientIdentity } from '../pipeline/client-identity.ts';
import type { OperationParams, Pipeline } from '../pipeline/pipeline.ts';

const maxPayloadBytes = 1024 * 1024;
/** Close codes of the protocol that the reference client treats as worth a new connection. */
const forbidden = 4403;

/** What is kept about one connection. */
interface SocketExtra extends Extra, Record<PropertyKey, unknown> {
  identity?: ClientIdentity;
  expiry?: NodeJS.Timeout;
}

type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/** An operation, carried through graphql-ws to where it is run. */
interface SocketOperation extends ExecutionArgs {
  readonly contextValue: { readonly params: OperationParams; readonly identity: ClientIdentity };
}

/**
 * Serves `graphql-transport-ws` (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md) on `/graphql`. No
 * token makes an anonymous connection; a bad one closes it with 4403, and so does a token that expires.
 * @returns ends all connections (1001 Going away).
 */
export function serveSockets(server: Server, pipeline: Pipeline, identify: Identify): () => Promise<void> {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: maxPayloadBytes });
  const run = (args: ExecutionArgs): never => runOperation(pipeline, args as SocketOperation) as never;
  const disposable = useServer<Record<string, unknown>, SocketExtra>(
    {
      onConnect: (context) => admit(context, identify),
      onSubscribe: (context, _id, payload) => toOperation(context, payload),
      // The errors in results are formatted already.
      onNext: (_context, _id, _payload, _args, result) => result,
      subscribe: run,
      execute: run,
      onDisconnect: ({ extra }) => clearTimeout(extra.expiry),
    },
    sockets,
  );
  return async () => {
    await disposable.dispose();
  };
}

/** @returns false closes the connection with 4403. */
async function admit({ connectionParams, extra }: SocketContext, identify: Identify): Promise<boolean> {
  const authorization = connectionParams?.authorization ?? connectionParams?.Authorization;
  try {
    extra.identity = await identify(authorization === undefined ? undefined : String(authorization));
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAUTHENTICATED') return false;
    throw error;
  }
  if (extra.identity.expiresAt) extra.expiry = closeAt(extra, extra.identity.expiresAt);
  return true;
}

function closeAt({ socket }: SocketExtra, expiresAt: Date): NodeJS.Timeout {
  return setTimeout(() => socket.close(forbidden, 'Forbidden'), expiresAt.getTime() - Date.now()).unref();
}

/**
 * graphql-ws looks at the document to know a subscription when it sees one; it is validated in the pipeline, where
 * all transports' documents are.
 */
function toOperation(
  { extra }: SocketContext,
  {
    query,
    operationName,
    variables,
  }: { query: string; operationName?: string | null; variables?: Record<string, unknown> | null },
): SocketOperation | readonly GraphQLError[] {
  try {
    return {
      schema: undefined as never,
      document: parse(query),
      operationName,
      contextValue: {
        params: { query, operationName: operationName ?? undefined, variables: variables ?? {} },
        identity: extra.identity ?? anonymousClient,
      },
    };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [new GraphQLError(error.message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } })];
  }
}

function runOperation(pipeline: Pipeline, { contextValue: { params, identity } }: SocketOperation) {
  return pipeline.run(params, { identity, requestId: randomUUID() });
}
