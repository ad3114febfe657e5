import {
  operationFromDocument,
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph,
} from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, type GraphQLFormattedError, getVariableValues, Kind } from 'graphql';
import type { Trouble, World } from './world.ts';

export interface StockResult {
  readonly data: unknown;
  readonly errors: readonly GraphQLFormattedError[];
  /** Nulls in non-null places, which the stock executor reports beside the errors, and only when there are none. */
  readonly completions: readonly GraphQLFormattedError[];
}

export interface StockGateway {
  plan(document: DocumentNode): QueryPlan;
  run(
    document: DocumentNode,
    plan: QueryPlan,
    variables: Record<string, unknown>,
    trouble: Trouble,
  ): Promise<StockResult>;
}

/** The planner and the exported executor of `@apollo/gateway`, asked in the way the gateway asks them. */
export function createStockGateway(
  supergraphSdl: string,
  subgraphNames: Iterable<string>,
  sourceOf: (subgraph: string, trouble: Trouble, interfaces: ReadonlySet<unknown>) => GraphQLDataSource,
): StockGateway {
  const supergraph = Supergraph.build(supergraphSdl, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  });
  const apiSchema = supergraph.apiSchema();
  const graphqlSchema = apiSchema.toGraphQLJSSchema();
  const fullSchema = supergraph.schema.toGraphQLJSSchema();
  const planner = new QueryPlanner(supergraph);
  const interfaces = new Set(apiSchema.interfaceTypes().map(({ name }) => name));
  return {
    plan: (document) => planner.buildQueryPlan(operationFromDocument(apiSchema, document)),
    async run(document, plan, rawVariables, trouble) {
      const services: Record<string, GraphQLDataSource> = {};
      for (const name of subgraphNames) services[name] = sourceOf(name, trouble, interfaces);
      const definition = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
      const { coerced = {} } = getVariableValues(
        graphqlSchema,
        definition?.variableDefinitions ?? [],
        rawVariables,
      );
      const requestContext = { request: { variables: coerced }, context: {}, metrics: {}, logger: SILENT };
      const response = await executeQueryPlan(
        plan,
        services,
        requestContext as never,
        buildOperationContext({ schema: graphqlSchema, operationDocument: document }),
        fullSchema,
        apiSchema,
      );
      const plain = JSON.parse(JSON.stringify(response));
      return {
        data: plain.data,
        errors: plain.errors ?? [],
        completions: plain.extensions?.valueCompletion ?? [],
      };
    },
  };
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The stock gateway over a made-up world. */
export function createStockWorld(world: World): StockGateway {
  return createStockGateway(world.fixture.supergraphSdl, [...world.fixture.typeDefs.keys()], (...place) =>
    worldSource(world, ...place),
  );
}

function worldSource(
  world: World,
  subgraph: string,
  trouble: Trouble,
  interfaces: ReadonlySet<unknown>,
): GraphQLDataSource {
  return {
    async process({ request }) {
      if (trouble.dead.has(subgraph)) throw new Error('connect ECONNREFUSED');
      const question = { query: request.query ?? '', variables: request.variables ?? {} };
      const response = await world.ask(subgraph, question, trouble);
      const entities = response.data?._entities;
      for (const entity of Array.isArray(entities) ? entities : []) keepOwnType(entity, interfaces);
      return response as never;
    },
  };
}

/** Exception 5: the name of an interface object would replace the entity's own type. */
function keepOwnType(entity: Record<string, unknown> | null, interfaces: ReadonlySet<unknown>): void {
  if (entity && interfaces.has(entity.__typename)) delete entity.__typename;
}
