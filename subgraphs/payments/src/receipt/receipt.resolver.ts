import { toMoney } from '@suvidha/money';
import { DateTime, MoneyType, type SubgraphContext, toMoneyType, URLScalar } from '@suvidha/subgraph';
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { PaymentLoaders } from '../payment/payment.loaders.ts';
import { PaymentType } from '../payment/payment.type.ts';
import { RefundType } from '../refund/refund.type.ts';
import type { ReceiptUrls } from './receipt-url.ts';

@ObjectType('Receipt', { description: 'Proof of money that was taken or given back. It never changes.' })
export class ReceiptType {
  @Field(() => String, { description: 'Without gaps in its series, such as `R-2026-000001`.' })
  number!: string;

  @Field(() => MoneyType, { description: 'What was taken or given back.' })
  amount!: MoneyType;

  @Field(() => DateTime, { description: 'When it was issued.' })
  issuedAt!: Date;

  @Field(() => URLScalar, { description: 'Where it is as PDF, for 15 minutes.' })
  url!: string;
}

interface Shown {
  readonly load: PaymentLoaders;
  readonly urls: ReceiptUrls;
}

async function find(
  { load, urls }: Shown,
  id: string,
  context: SubgraphContext,
): Promise<ReceiptType | null> {
  const receipt = await load.receiptBySubject(context).load(id);
  if (!receipt) return null;
  const amount = toMoneyType(toMoney(receipt.amountMinor, receipt.currency));
  const { url } = urls.sign(receipt.id, 'SCREEN');
  return { number: receipt.number, amount, issuedAt: receipt.issuedAt, url };
}

@Resolver(() => PaymentType)
export class PaymentReceiptResolver {
  readonly #shown: Shown;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  @FieldResolver(() => ReceiptType, { nullable: true, description: 'Null: the payment is not complete yet.' })
  receipt(@Root() { id }: PaymentType, @Ctx() context: SubgraphContext): Promise<ReceiptType | null> {
    return find(this.#shown, id, context);
  }
}

@Resolver(() => RefundType)
export class RefundReceiptResolver {
  readonly #shown: Shown;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  @FieldResolver(() => ReceiptType, { nullable: true, description: 'Null: the money is not back yet.' })
  receipt(@Root() { id }: RefundType, @Ctx() context: SubgraphContext): Promise<ReceiptType | null> {
    return find(this.#shown, id, context);
  }
}
