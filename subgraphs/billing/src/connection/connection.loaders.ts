import { createContextLoader } from '@suvidha/subgraph';
import type { ConnectionService } from './connection.service.ts';

export function createConnectionLoaders(connections: ConnectionService) {
  return {
    byId: createContextLoader((ids, { actor }) => connections.findVisible(actor, ids)),
    byCustomer: createContextLoader((userIds, { actor }) => connections.listByCustomer(actor, userIds)),
  };
}

export type ConnectionLoaders = ReturnType<typeof createConnectionLoaders>;
