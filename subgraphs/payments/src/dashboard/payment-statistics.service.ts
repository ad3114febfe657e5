import { toMoney } from '@suvidha/money';
import { type MoneyType, toMoneyType } from '@suvidha/subgraph';
import type { Db } from '../db.ts';

interface Counts {
  readonly started: number;
  readonly captured: number;
  readonly lost: number;
  readonly undecided: number;
  readonly quarantined: number;
  readonly unsettled: number;
}

interface CurrencyRow extends Counts {
  readonly currency: string;
  readonly capturedMinor: bigint;
  readonly refundedMinor: bigint;
}

export interface PaymentNumbers extends Counts {
  readonly amountsCaptured: MoneyType[];
  readonly amountsRefunded: MoneyType[];
}

/** Numbers of payments for staff. */
export class PaymentStatisticsService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Payments that were started in the period, as they are now. */
  async of({ from, to }: { readonly from: Date; readonly to: Date }): Promise<PaymentNumbers> {
    const rows = await this.#db.$queryRaw<CurrencyRow[]>`
      with seen as (
        select currency, amount_minor, refunded_minor, status, settlement,
          status in ('CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED') as is_taken
          from payment where created_at >= ${from} and created_at < ${to})
      select currency, count(*)::int as started,
        count(*) filter (where is_taken)::int as captured,
        count(*) filter (where status in ('FAILED', 'EXPIRED', 'CANCELLED'))::int as lost,
        count(*) filter (where status in ('CREATED', 'UNKNOWN', 'PENDING', 'AUTHORIZED'))::int as undecided,
        count(*) filter (where status = 'QUARANTINED')::int as quarantined,
        count(*) filter (where is_taken and settlement = 'PENDING')::int as unsettled,
        coalesce(sum(amount_minor) filter (where is_taken), 0)::bigint as "capturedMinor",
        coalesce(sum(refunded_minor), 0)::bigint as "refundedMinor"
        from seen group by currency order by currency`;
    const sum = (count: keyof Counts) => rows.reduce((total, row) => total + row[count], 0);
    const amounts = (pick: (row: CurrencyRow) => bigint) =>
      rows.map((row) => toMoneyType(toMoney(pick(row), row.currency)));
    return {
      started: sum('started'),
      captured: sum('captured'),
      lost: sum('lost'),
      undecided: sum('undecided'),
      quarantined: sum('quarantined'),
      unsettled: sum('unsettled'),
      amountsCaptured: amounts(({ capturedMinor }) => capturedMinor),
      amountsRefunded: amounts(({ refundedMinor }) => refundedMinor),
    };
  }
}
