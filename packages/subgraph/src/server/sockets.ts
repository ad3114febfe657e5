import type { Server } from 'node:http';
import { type CallIdentity, identityHeader, verifyIdentity } from '@suvidha/auth';
import { type ExecutionArgs, GraphQLError, parse } from 'graphql';
import type { SubscribeMessage } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { SubgraphApp } from './app.ts';
import type { GraphQLCall } from './executor.ts';

const maxPayloadBytes = 2 * 1024 * 1024;

/** An operation on a socket, with the identity signed for it alone. */
interface SocketOperation extends ExecutionArgs {
  readonly contextValue: { readonly call: GraphQLCall; readonly identity: CallIdentity };
}

/**
 * Accepts `graphql-transport-ws` sockets on `/graphql`. One socket carries operations of many people, so each
 * subscribe message brings its own signed identity in `extensions`.
 * @returns ends all sockets (1001 Going away).
 */
export function acceptSockets(server: Server, app: SubgraphApp, internalSecret: string): () => Promise<void> {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: maxPayloadBytes });
  const disposable = useServer(
    {
      onSubscribe: (_context, _id, payload) => toOperation(app, internalSecret, payload),
      // The errors in results are formatted already.
      onNext: (_context, _id, _payload, _args, result) => result,
      subscribe: (args) => run(app.subscribe, args as SocketOperation),
      execute: (args) => run(app.execute, args as SocketOperation),
    },
    sockets,
  );
  return async () => {
    await disposable.dispose();
  };
}

function run<Result>(
  start: (call: GraphQLCall, identity: CallIdentity) => Result,
  { contextValue: { call, identity } }: SocketOperation,
): never {
  // The results are formatted already; graphql-ws only passes them on, but types them as graphql-js makes them.
  return start(call, identity) as never;
}

function toOperation(
  app: SubgraphApp,
  secret: string,
  payload: SubscribeMessage['payload'],
): SocketOperation | readonly GraphQLError[] {
  const { query, variables, operationName } = payload;
  const call = { query, variables, operationName };
  const identity = verifyIdentity(secret, String(payload.extensions?.[identityHeader] ?? ''), {
    audience: app.name,
    operation: JSON.stringify(call),
  });
  if (!identity) return [refusal()];
  return {
    schema: app.subgraph.schema,
    document: parse(query),
    operationName: operationName ?? undefined,
    contextValue: { call, identity },
  };
}

function refusal(): GraphQLError {
  return new GraphQLError('This service answers the gateway only.', {
    extensions: { code: 'UNAUTHENTICATED' },
  });
}
