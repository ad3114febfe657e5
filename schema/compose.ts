import { composeServices } from '@apollo/composition';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { buildBillingSchema } from '@suvidha/billing';
import { buildCommerceSchema } from '@suvidha/commerce';
import { buildIdentitySchema } from '@suvidha/identity';
import { buildKycSchema } from '@suvidha/kyc';
import { buildPaymentsSchema } from '@suvidha/payments';
import { type BuiltSubgraph, subgraphPorts } from '@suvidha/subgraph';
import { parse, printSchema } from 'graphql';

/** The subgraphs as their classes define them. No service is ever called for a schema, so none is there. */
export async function buildSubgraphs(): Promise<Record<string, BuiltSubgraph>> {
  const noServices = {} as never;
  return {
    identity: await buildIdentitySchema(noServices),
    kyc: await buildKycSchema(noServices),
    billing: await buildBillingSchema(noServices),
    commerce: await buildCommerceSchema(noServices),
    payments: await buildPaymentsSchema(noServices),
  };
}

/**
 * The text of every schema file, by name.
 * @throws Error with all reasons when the subgraphs do not compose.
 */
export async function buildSchemas(): Promise<Record<string, string>> {
  const subgraphs = await buildSubgraphs();
  const result = composeServices(
    Object.entries(subgraphs).map(([name, { sdl }]) => ({
      name,
      url: `http://${name}:${subgraphPorts[name as keyof typeof subgraphPorts]}/graphql`,
      typeDefs: parse(sdl),
    })),
  );
  if (result.errors) throw new Error(result.errors.map(({ message }) => message).join('\n\n'));
  return {
    ...Object.fromEntries(Object.entries(subgraphs).map(([name, { sdl }]) => [name, `${sdl.trim()}\n`])),
    supergraph: `${result.supergraphSdl.trim()}\n`,
    api: `${printApi(result.supergraphSdl)}\n`,
  };
}

/** What clients see. */
function printApi(supergraphSdl: string): string {
  const supergraph = Supergraph.build(supergraphSdl, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  });
  return printSchema(supergraph.apiSchema().toGraphQLJSSchema({ includeDefer: true }));
}
