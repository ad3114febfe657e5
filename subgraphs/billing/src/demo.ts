import { demoPeople } from '@suvidha/demo';
import type { Db } from './db.ts';
import type { Utility } from './generated/prisma/client.ts';

interface DemoConnection {
  readonly utility: Utility;
  readonly consumerNumber: string;
  readonly supplierName: string;
  /** Monthly amounts in paise, oldest first. */
  readonly amountsMinor: readonly bigint[];
}

const demoConnections: readonly DemoConnection[] = [
  {
    utility: 'ELECTRICITY',
    consumerNumber: 'EL-10045321',
    supplierName: 'Sahyadri Power',
    amountsMinor: [128_450n, 141_275n, 119_900n],
  },
  {
    utility: 'GAS',
    consumerNumber: 'GS-20078811',
    supplierName: 'Konkan Gas',
    amountsMinor: [64_300n, 58_725n],
  },
  {
    utility: 'WATER',
    consumerNumber: 'WT-30011927',
    supplierName: 'Nagar Jal Board',
    amountsMinor: [21_500n, 22_000n],
  },
];

/** The month of the newest demo bill. */
const newestMonth = { year: 2026, month: 9 };

/** Puts the demo customer's connections and bills there, once; a second run changes nothing. */
export async function seedDemo(db: Db): Promise<void> {
  const userId = demoPeople.customer.id;
  await db.connection.createMany({
    data: demoConnections.map(({ amountsMinor: _amounts, ...connection }, index) => ({
      ...connection,
      id: demoId('b0', index),
      userId,
      createdAt: new Date('2026-01-05T04:30:00.000Z'),
    })),
    skipDuplicates: true,
  });
  await db.bill.createMany({ data: demoConnections.flatMap(toBills), skipDuplicates: true });
}

function toBills({ amountsMinor, utility }: DemoConnection, connectionIndex: number) {
  return amountsMinor.map((amountMinor, index) => {
    const monthsAgo = amountsMinor.length - 1 - index;
    const periodStart = new Date(Date.UTC(newestMonth.year, newestMonth.month - monthsAgo, 1));
    const periodEnd = new Date(Date.UTC(newestMonth.year, newestMonth.month - monthsAgo + 1, 1));
    const isPaid = monthsAgo > 0;
    return {
      id: demoId(`b1${String(12 - monthsAgo).padStart(2, '0')}`, connectionIndex),
      billNumber: `${utility.slice(0, 2)}-${periodStart.toISOString().slice(0, 7).replace('-', '')}-${connectionIndex + 1}`,
      connectionId: demoId('b0', connectionIndex),
      userId: demoPeople.customer.id,
      status: isPaid ? ('PAID' as const) : ('DUE' as const),
      amountMinor,
      paidAmountMinor: isPaid ? amountMinor : 0n,
      currency: 'INR',
      periodStart,
      periodEnd,
      issuedAt: periodEnd,
      dueAt: new Date(periodEnd.getTime() + 45 * 86_400_000),
    };
  });
}

/** A fixed UUIDv7 per kind and number; later numbers sort later. */
function demoId(kind: string, index: number): string {
  return `019a0000-${kind.padEnd(4, '0')}-7000-8000-${String(index + 1).padStart(12, '0')}`;
}
