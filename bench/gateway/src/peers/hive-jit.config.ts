/** Hive Gateway as its own benchmark runs it: JIT, and identical requests in flight answered once. */
import { defineConfig } from '@graphql-hive/gateway';

export const gatewayConfig = defineConfig({
  jit: true,
  inboundInflightRequestDeduplication: true,
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? '' }),
  },
});
