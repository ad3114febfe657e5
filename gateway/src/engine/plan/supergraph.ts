import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, type Schema, Supergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import { type AccessRules, readAccessRules } from '../access/access.rules.ts';

/** Everything read from a supergraph document once. */
export interface LoadedSupergraph {
  readonly supergraph: Supergraph;
  /** The API schema as the planner wants operations typed. */
  readonly plannerSchema: Schema;
  /** The same schema with `@defer` for graphql-js: validation, introspection, type lookups. */
  readonly apiSchema: GraphQLSchema;
  /** The full schema for graphql-js, inaccessible types included: what representations and rewrites speak of. */
  readonly fullSchema: GraphQLSchema;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  readonly accessRules: AccessRules;
}

/** `@fromContext` needs context rewrites in fetches, which the engine does not execute: refuse it at load, not at run. */
const SUPPORTED_FEATURES = new Set(
  [...ROUTER_SUPPORTED_SUPERGRAPH_FEATURES].filter(
    (feature) => !feature.startsWith('https://specs.apollo.dev/context/'),
  ),
);

/** Throws when the document is not a valid supergraph or needs a feature that the engine lacks. */
export function loadSupergraph(supergraphSdl: string): LoadedSupergraph {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: SUPPORTED_FEATURES });
  const plannerSchema = supergraph.apiSchema();
  return {
    supergraph,
    plannerSchema,
    apiSchema: plannerSchema.toGraphQLJSSchema({ includeDefer: true }),
    fullSchema: supergraph.schema.toGraphQLJSSchema(),
    subgraphs: [...supergraph.subgraphsMetadata()].map(({ name, url }) => ({ name, url })),
    accessRules: readAccessRules(supergraph.schema),
  };
}
