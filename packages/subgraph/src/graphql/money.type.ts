import { type Currency, currencyExponents, formatAmount, type Money } from '@suvidha/money';
import { Directive, Field, ObjectType, registerEnumType } from 'type-graphql';
import { Decimal } from './scalars.ts';

const currencyCode = Object.fromEntries(Object.keys(currencyExponents).map((code) => [code, code]));

registerEnumType(currencyCode, {
  name: 'CurrencyCode',
  description: 'A currency by its ISO 4217 code.',
  valuesConfig: {
    INR: { description: 'Indian rupee.' },
    NGN: { description: 'Nigerian naira.' },
    USD: { description: 'United States dollar.' },
  },
});

@ObjectType('Money', { description: 'An exact amount of money.' })
@Directive('@shareable')
export class MoneyType {
  @Field(() => Decimal, {
    description: 'The amount in the major unit, with all decimal places of the currency.',
  })
  amount!: string;

  @Field(() => currencyCode, { description: 'The currency of the amount.' })
  currencyCode!: Currency;
}

export function toMoneyType(money: Money): MoneyType {
  return { amount: formatAmount(money), currencyCode: money.currency };
}
