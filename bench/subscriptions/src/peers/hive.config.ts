/** Hive Gateway with subscriptions over sockets on both sides, as its documentation sets them up. */
import { defineConfig } from '@graphql-hive/gateway';

export const gatewayConfig = defineConfig({
  transportEntries: { '*.http': { options: { subscriptions: { kind: 'ws' } } } },
});
