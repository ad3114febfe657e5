export { type Gateway, type GatewayOptions, startGateway } from './app.ts';
export type { Revocation, RevocationBatch, RevocationSource } from './auth/revocation.list.ts';
export { type GatewayConfig, gatewayVariables } from './config.ts';
export { startConfiguredGateway } from './configured-gateway.ts';
export { connectInProcess } from './subgraph/in-process.connection.ts';
export { connectRemote } from './subgraph/remote.connection.ts';
export type { ConnectSubgraph } from './subgraph/subgraph-connection.ts';
export {
  fixedSupergraph,
  openSupergraphFile,
  type SupergraphSource,
} from './supergraph/supergraph.source.ts';
