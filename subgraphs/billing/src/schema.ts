import { type BuiltSubgraph, buildSubgraph } from '@suvidha/subgraph';
import { createBillLoaders } from './bill/bill.loaders.ts';
import { createBillReference } from './bill/bill.reference.ts';
import { BillResolver } from './bill/bill.resolver.ts';
import type { BillService } from './bill/bill.service.ts';
import { createConnectionLoaders } from './connection/connection.loaders.ts';
import { ConnectionResolver } from './connection/connection.resolver.ts';
import type { ConnectionService } from './connection/connection.service.ts';
import { UserResolver } from './user/user.resolver.ts';
import { UserStub } from './user/user.stub.ts';

export interface BillingServices {
  readonly bills: BillService;
  readonly connections: ConnectionService;
}

/** The billing subgraph: its own types over its services, and what it adds to types of others. */
export function buildBillingSchema({ bills, connections }: BillingServices): Promise<BuiltSubgraph> {
  const loadBill = createBillLoaders(bills);
  const loadConnection = createConnectionLoaders(connections);
  return buildSubgraph({
    resolvers: [ConnectionResolver, BillResolver, UserResolver],
    orphanedTypes: [UserStub],
    references: {
      Connection: ({ id }, context) => loadConnection.byId(context).load(String(id)),
      Bill: createBillReference(loadBill),
      User: ({ id }) => ({ id }),
    },
    instances: [
      new ConnectionResolver(loadConnection),
      new BillResolver(bills, loadBill, loadConnection),
      new UserResolver(bills, loadConnection),
    ],
  });
}
