import { type CallIdentity, unknownClient } from '@suvidha/auth';
import type { EventConsumer } from '@suvidha/events';
import { type JobHandlers, type JobWorker, startJobWorker } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import type { FastifyPluginAsync } from 'fastify';
import type { SubgraphContext } from '../context.ts';
import type { BuiltSubgraph } from '../schema/build-subgraph.ts';
import type { Database } from './database.ts';
import { createExecutor, type Executor, type GraphQLCall } from './executor.ts';
import { createErrorFormatter } from './format-error.ts';

/** A subgraph, ready to be called in process or to be listened for over HTTP. */
export interface SubgraphApp {
  readonly name: string;
  readonly subgraph: BuiltSubgraph;
  execute(call: GraphQLCall, identity: CallIdentity): ReturnType<Executor['execute']>;
  subscribe(call: GraphQLCall, identity: CallIdentity): ReturnType<Executor['subscribe']>;
  /** Takes an event of another subgraph; resolves when it is committed. */
  readonly consume: EventConsumer;
  /** HTTP that is not GraphQL: webhooks, public keys. */
  readonly routes: FastifyPluginAsync;
  /** What our own processes may ask of it besides, by name: `POST /internal/<name>`. */
  readonly calls: Readonly<Record<string, InternalCall>>;
  /** Whether each dependency can be reached, by name. */
  health(): Promise<Readonly<Record<string, boolean>>>;
  /** Starts the background work. Call it once everything it may call is there. */
  start(): Promise<void>;
  /** Finishes the work in hand and closes what was opened. */
  stop(): Promise<void>;
}

/** Answers another of our processes. The input is JSON as it came. */
export type InternalCall = (input: unknown) => Promise<object>;

export interface SubgraphParts {
  readonly name: string;
  readonly subgraph: BuiltSubgraph;
  readonly database: Database;
  readonly log: Log;
  readonly consume: EventConsumer;
  readonly jobs: JobHandlers;
  readonly routes?: FastifyPluginAsync;
  /** Default: there are none. */
  readonly calls?: Readonly<Record<string, InternalCall>>;
  /** Closes what the subgraph opened besides its database. */
  readonly close: () => Promise<void>;
}

/** Puts the parts that a subgraph's composition root has made together. */
export function createSubgraphApp(parts: SubgraphParts): SubgraphApp {
  const { name, subgraph, database, log, consume, jobs } = parts;
  const executor = createExecutor(subgraph.schema, createErrorFormatter(log));
  let worker: JobWorker | undefined;
  return {
    name,
    subgraph,
    consume,
    execute: (call, identity) => executor.execute(call, toContext(identity)),
    subscribe: (call, identity) => executor.subscribe(call, toContext(identity)),
    routes: parts.routes ?? (async () => undefined),
    calls: parts.calls ?? {},
    health: async () => ({ database: await database.isReachable() }),
    start: async () => {
      worker = await startJobWorker({ pool: database.pool, handlers: jobs, log });
    },
    stop: async () => {
      await worker?.stop();
      await parts.close();
      await database.close();
    },
  };
}

function toContext({ actor, requestId, client = unknownClient }: CallIdentity): SubgraphContext {
  return { actor, requestId, client };
}
