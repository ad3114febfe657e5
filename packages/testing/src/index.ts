export { createPrivacyRequests, type PrivacyRequests } from './privacy-requests.ts';
export { type RecordedQueries, recordQueries } from './recorded-queries.ts';
export {
  createTestDatabase,
  createTestEnvironment,
  type TestDependencies,
  testActor,
  testDependencies,
  testIdentity,
} from './subgraph-test.ts';
