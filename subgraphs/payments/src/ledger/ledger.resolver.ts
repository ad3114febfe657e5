import { toMoney } from '@suvidha/money';
import { RequireAuth, toMoneyType } from '@suvidha/subgraph';
import { Arg, Query, Resolver } from 'type-graphql';
import type { AccountBalance, LedgerService } from './ledger.service.ts';
import { LedgerBalance } from './ledger.type.ts';

@Resolver()
export class LedgerResolver {
  readonly #ledger: LedgerService;

  constructor(ledger: LedgerService) {
    this.#ledger = ledger;
  }

  @Query(() => [LedgerBalance], {
    nullable: true,
    description: 'The balances of the books; they sum to zero in each currency. For admins.',
  })
  @RequireAuth('payment:read', 'user:admin')
  async ledgerBalances(
    @Arg('currencyCode', () => String, { nullable: true, description: 'Only this ISO 4217 currency.' })
    currencyCode: string | null = null,
  ): Promise<LedgerBalance[]> {
    const [kept, recomputed] = await Promise.all([
      this.#ledger.balances(currencyCode),
      this.#ledger.recomputedBalances(currencyCode),
    ]);
    return kept.map((balance) => toLedgerBalance(balance, recomputed));
  }
}

function toLedgerBalance(kept: AccountBalance, recomputed: readonly AccountBalance[]): LedgerBalance {
  const { account, currency, balanceMinor } = kept;
  const anew = recomputed.find((other) => other.account === account && other.currency === currency);
  return {
    account,
    balance: toMoneyType(toMoney(balanceMinor, currency)),
    recomputed: toMoneyType(toMoney(anew?.balanceMinor ?? 0n, currency)),
  };
}
