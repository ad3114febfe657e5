import 'reflect-metadata';

export type { SubgraphContext } from './context.ts';
export {
  type Connection,
  createConnectionType,
  type Page,
  PageArgs,
  PageInfo,
  toConnection,
  toPage,
} from './graphql/connection.ts';
export { createContextLoader } from './graphql/context-loader.ts';
export { mapEvents } from './graphql/map-events.ts';
export { MoneyType, toMoneyType } from './graphql/money.type.ts';
export {
  DateTime,
  Decimal,
  EmailAddress,
  PhoneNumber,
  parseEmailAddress,
  URLScalar,
} from './graphql/scalars.ts';
export { UserErrorType, withUserErrors } from './graphql/user-error.type.ts';
export { type SubgraphConfig, type SubgraphDependencies, startSubgraph } from './process/start-subgraph.ts';
export {
  type SubgraphName,
  serviceUrl,
  subgraphNames,
  subgraphPorts,
  subgraphVariables,
} from './process/variables.ts';
export { type Access, Public, RequireAuth, RowAccess } from './schema/access.ts';
export { findUndeclaredAccess, findUndescribed } from './schema/audit.ts';
export {
  type BuiltSubgraph,
  buildSubgraph,
  openedBySchema,
  type ReferenceResolver,
} from './schema/build-subgraph.ts';
export { createSubgraphApp, type InternalCall, type SubgraphApp, type SubgraphParts } from './server/app.ts';
export { type Database, openDatabase } from './server/database.ts';
export type { GraphQLCall } from './server/executor.ts';
export { type ListenOptions, listen, type SubgraphServer } from './server/listen.ts';
