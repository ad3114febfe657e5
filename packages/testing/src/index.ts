export { findFreePort, findFreePorts } from './free-ports.ts';
export {
  createPrivacyRequests,
  type PrivacyRequests,
  readUserEvents,
  toPrivacyEvent,
} from './privacy-events.ts';
export { type RecordedQueries, recordQueries } from './recorded-queries.ts';
export {
  createTestDatabase,
  createTestEnvironment,
  type TestDependencies,
  testActor,
  testDependencies,
  testIdentity,
} from './subgraph-test.ts';
