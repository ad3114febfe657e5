import type { SubgraphClient, SubgraphResponse } from '../engine.types.ts';
import { cloneJson } from '../run/merge.ts';
import { type Epoch, Flights } from './flights.ts';

/**
 * Lets identical queries of one identity share a fetch while it is in flight. Mutations and subscriptions are never shared.
 *
 * @param epoch advanced by every mutation that ends; one for all clients of an engine.
 */
export function createSharingClient(inner: SubgraphClient, epoch: Epoch): SubgraphClient {
  const flights = new Flights<SubgraphResponse>(cloneJson);
  return {
    ...(inner.close && { close: () => inner.close?.() ?? Promise.resolve() }),
    execute(request, context) {
      if (request.operationKind !== 'query') {
        return inner.execute(request, context).finally(() => epoch.advance());
      }
      const { identityKey, forward } = context;
      const key = `${epoch.count}\n${identityKey}\n${request.body}`;
      return flights.join(key, context, (signal) => inner.execute(request, { identityKey, forward, signal }));
    },
  };
}
