import type { ReferenceResolver } from '@suvidha/subgraph';
import type { BillLoaders } from './bill.loaders.ts';

/** Finds a bill by either of its keys. */
export function createBillReference(load: BillLoaders): ReferenceResolver {
  return ({ id, billNumber }, context) =>
    id === undefined ? load.byNumber(context).load(String(billNumber)) : load.byId(context).load(String(id));
}
