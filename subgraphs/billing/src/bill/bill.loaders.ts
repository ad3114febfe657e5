import { createContextLoader } from '@suvidha/subgraph';
import type { BillService } from './bill.service.ts';

export function createBillLoaders(bills: BillService) {
  return {
    byId: createContextLoader((ids, { actor }) => bills.findVisible(actor, ids)),
    byNumber: createContextLoader((numbers, { actor }) => bills.findVisibleByNumber(actor, numbers)),
  };
}

export type BillLoaders = ReturnType<typeof createBillLoaders>;
