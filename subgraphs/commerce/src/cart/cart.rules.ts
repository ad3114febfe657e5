import { type Currency, type Money, toMoney } from '@suvidha/money';

/** The currency of the catalogue, and so of an empty cart. */
const catalogueCurrency: Currency = 'INR';

interface PricedItem {
  readonly product: { readonly price: Money };
  readonly quantity: number;
}

/**
 * What all items cost.
 * @throws RangeError when their currencies differ, or the sum is no safe integer of minor units.
 */
export function totalOf(items: readonly PricedItem[]): Money {
  const currency = items[0]?.product.price.currency ?? catalogueCurrency;
  if (items.some(({ product }) => product.price.currency !== currency))
    throw new RangeError('a cart has one currency');
  const amountMinor = items.reduce(
    (sum, { product, quantity }) => sum + product.price.amountMinor * quantity,
    0,
  );
  return toMoney(amountMinor, currency);
}
