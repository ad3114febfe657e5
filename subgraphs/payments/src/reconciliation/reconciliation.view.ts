import { toMoney } from '@suvidha/money';
import { toMoneyType } from '@suvidha/subgraph';
import type { ReconciliationFinding } from '../generated/prisma/client.ts';
import type { ReconciliationFindingType } from './reconciliation.type.ts';

export function toFinding(finding: ReconciliationFinding): ReconciliationFindingType {
  const { expectedMinor, foundMinor, currency } = finding;
  const toAmount = (amountMinor: bigint | null) =>
    amountMinor === null ? null : toMoneyType(toMoney(amountMinor, currency));
  return { ...finding, expected: toAmount(expectedMinor), found: toAmount(foundMinor) };
}
