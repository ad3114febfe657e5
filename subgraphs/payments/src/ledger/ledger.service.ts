import type { Db } from '../db.ts';
import type { LedgerAccount } from '../generated/prisma/enums.ts';

export interface AccountBalance {
  readonly account: LedgerAccount;
  readonly currency: string;
  /** Debits minus credits. */
  readonly balanceMinor: bigint;
}

/** The books, as staff read them. */
export class LedgerService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Each account's balance per currency, as it is kept while entries are booked. */
  balances(currency: string | null): Promise<AccountBalance[]> {
    return this.#db.$queryRaw<AccountBalance[]>`
      select account, currency, sum(balance_minor)::bigint as "balanceMinor" from ledger_balance
       where ${currency}::text is null or currency = ${currency}
       group by account, currency order by currency, account`;
  }

  /** The same, computed anew from every posting there is. */
  recomputedBalances(currency: string | null): Promise<AccountBalance[]> {
    return this.#db.$queryRaw<AccountBalance[]>`
      select account, currency, sum(amount_minor)::bigint as "balanceMinor" from ledger_posting
       where ${currency}::text is null or currency = ${currency}
       group by account, currency order by currency, account`;
  }

  /** Whether kept balances are what all postings say, and sum to zero in each currency: one look at one moment. */
  async isEven(): Promise<boolean> {
    const uneven = await this.#db.$queryRaw<unknown[]>`
      with kept as (select account, currency, sum(balance_minor) as amount from ledger_balance group by 1, 2),
           posted as (select account, currency, sum(amount_minor) as amount from ledger_posting group by 1, 2)
      select currency from kept full join posted using (account, currency)
       where coalesce(kept.amount, 0) <> coalesce(posted.amount, 0)
      union all
      select currency from posted group by currency having sum(amount) <> 0`;
    return uneven.length === 0;
  }
}
