import { prettyFormatQueryPlan } from '@apollo/query-planner';
import { GraphQLError, type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import type { CompiledOperation } from './compile/operation.compiler.ts';
import type {
  Engine,
  EngineOptions,
  EngineRequest,
  EngineResult,
  EngineSubscription,
  RefusedOperation,
  RequestContext,
  SubgraphClient,
} from './engine.types.ts';
import { Epoch, Flights } from './fetch/flights.ts';
import { createSharingClient } from './fetch/sharing.client.ts';
import { SubgraphUnavailableError } from './fetch/subgraph.errors.ts';
import { OperationStore } from './plan/operation.store.ts';
import { createPlanner } from './plan/planner.ts';
import { type LoadedSupergraph, loadSupergraph } from './plan/supergraph.ts';
import { Admission } from './run/admission.ts';
import { toUnavailable } from './run/fault.report.ts';
import {
  bindRun,
  coerceFor,
  type PreparedRun,
  prepareRun,
  runOperation,
  toJson,
  toResult,
} from './run/operation.run.ts';
import type { DeliverPayload } from './run/part.delivery.ts';
import { runInParts } from './run/part.run.ts';
import { PlannedSubscription } from './run/planned.subscription.ts';
import { completeResponse } from './shape/completion.ts';

const DEFAULT_OPERATION_CACHE_BYTES = 12 * 1024 * 1024;

const SUBSCRIPTION_REFUSED: RefusedOperation = {
  errors: [{ message: 'A subscription has no single answer', extensions: { code: 'BAD_REQUEST' } }],
};

/**
 * Builds an engine over a supergraph. Throws when the document is no valid supergraph or needs a feature the engine
 * lacks; no subgraph is contacted.
 */
export function createEngine(options: EngineOptions): Engine {
  const loaded = loadSupergraph(options.supergraphSdl);
  const { shareInFlight = true, operationCacheBytes = DEFAULT_OPERATION_CACHE_BYTES } = options;
  const epoch = shareInFlight ? new Epoch() : undefined;
  const clients = createClients(options, loaded, epoch);
  return new PlanningEngine(loaded, clients, epoch, operationCacheBytes);
}

function createClients({ client }: EngineOptions, { subgraphs }: LoadedSupergraph, epoch: Epoch | undefined) {
  const clients = new Map<string, SubgraphClient>();
  for (const subgraph of subgraphs) {
    const own = client(subgraph);
    clients.set(subgraph.name, epoch ? createSharingClient(own, epoch) : own);
  }
  return clients;
}

class PlanningEngine implements Engine {
  readonly schema: Engine['schema'];
  readonly subgraphs: Engine['subgraphs'];
  readonly #clients: ReadonlyMap<string, SubgraphClient>;
  readonly #operations: OperationStore;
  /** Undefined: nothing is shared. */
  readonly #epoch: Epoch | undefined;
  readonly #admission = new Admission();
  readonly #responses = new Flights<string>((text) => text);

  constructor(
    loaded: LoadedSupergraph,
    clients: ReadonlyMap<string, SubgraphClient>,
    epoch: Epoch | undefined,
    operationCacheBytes: number,
  ) {
    this.#epoch = epoch;
    this.schema = loaded.apiSchema;
    this.subgraphs = loaded.subgraphs;
    this.#clients = clients;
    this.#operations = new OperationStore({
      planner: createPlanner(loaded),
      apiSchema: loaded.apiSchema,
      accessRules: loaded.accessRules,
      compilerScope: { schema: loaded.fullSchema, clients },
      maxBytes: operationCacheBytes,
    });
  }

  async execute(request: EngineRequest): Promise<EngineResult> {
    const prepared = this.#prepareOnce(request);
    if ('errors' in prepared) return prepared;
    return this.#admission.run(async () => toResult(prepared, await runOperation(prepared, request.context)));
  }

  async executeToJson(request: EngineRequest): Promise<string | undefined> {
    const prepared = this.#prepareOnce(request);
    if ('errors' in prepared) return undefined;
    if (!this.#epoch || prepared.compiled.isMutation) return this.#answer(prepared, request.context);
    return this.#share(prepared, this.#epoch, request.context);
  }

  #answer(prepared: PreparedRun, context: RequestContext): Promise<string> {
    return this.#admission.run(async () => toJson(prepared, await runOperation(prepared, context)));
  }

  /** The deadline is the business of those who fetch: whoever waits for them would throw away what they have got. */
  async #share(prepared: PreparedRun, { count }: Epoch, context: RequestContext): Promise<string> {
    const { compiled, variables } = prepared;
    const key = `${count}\n${compiled.id}\n${context.identityKey}\n${JSON.stringify(variables)}`;
    const limits = context.signal ? { signal: context.signal } : {};
    try {
      return await this.#responses.join(key, limits, (signal) =>
        this.#answer(prepared, { ...context, signal }),
      );
    } catch (cause) {
      if (!(cause instanceof SubgraphUnavailableError)) throw cause;
      return JSON.stringify({ errors: [toUnavailable(cause)], data: null });
    }
  }

  executeInParts(request: EngineRequest, deliver: DeliverPayload): Promise<void> | undefined {
    const prepared = this.#prepareInParts(request);
    return prepared && this.#admission.run(() => runInParts(prepared, request.context, deliver));
  }

  subscribe(request: EngineRequest): EngineSubscription | RefusedOperation {
    const prepared = this.#prepare(request);
    if ('errors' in prepared) return prepared;
    const { primary } = prepared.compiled;
    return primary ? new PlannedSubscription(prepared, primary) : { errors: rootDenials(prepared) };
  }

  describePlan(request: Omit<EngineRequest, 'context' | 'variables'>): string {
    return prettyFormatQueryPlan(this.#operations.plan(request));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close?.()));
  }

  /** Prepares a query or mutation: a subscription has no single answer. */
  #prepareOnce(request: EngineRequest): PreparedRun | RefusedOperation {
    const prepared = this.#prepare(request);
    if ('errors' in prepared) return prepared;
    const { operation } = prepared.compiled.operation.definition;
    return operation === OperationTypeNode.SUBSCRIPTION ? SUBSCRIPTION_REFUSED : prepared;
  }

  /** What is deferred depends on variables, so they come first. Undefined also when the operation cannot begin. */
  #prepareInParts(request: EngineRequest): PreparedRun | undefined {
    const operation = orUndefined(() => this.#operations.findDeferring(request));
    if (!operation || operation.definition.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    const coerced = coerceFor(this.schema, operation, request.variables);
    if ('errors' in coerced) return undefined;
    const { values } = coerced;
    const compiled = orUndefined(() => this.#operations.findInParts(request, values));
    return compiled && bindRun(this.schema, compiled, values, request.variables);
  }

  #prepare(request: EngineRequest): PreparedRun | RefusedOperation {
    const compiled = this.#compile(request);
    if ('errors' in compiled) return compiled;
    const prepared = prepareRun(this.schema, compiled, request.variables);
    return 'compiled' in prepared ? prepared : { errors: prepared };
  }

  #compile(request: EngineRequest): CompiledOperation | RefusedOperation {
    try {
      return this.#operations.get(request);
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error.toJSON()] };
      throw error;
    }
  }
}

/** Undefined for an operation that the document does not have or the planner refuses. */
function orUndefined<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

/** Why a subscription has no upstream: its root field is denied to the caller. */
function rootDenials(prepared: PreparedRun): readonly GraphQLFormattedError[] {
  const { errors } = completeResponse(
    prepared.response.shape,
    {},
    { reported: [], introspector: prepared.introspector },
  );
  if (errors.length === 0) throw new Error('The operation is not a subscription');
  return errors;
}
