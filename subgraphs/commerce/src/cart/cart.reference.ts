import { createContextLoader, type ReferenceResolver } from '@suvidha/subgraph';
import type { CartService } from './cart.service.ts';

/** Loads carts by id, those that the caller may see. */
export function createCartLoader(carts: CartService) {
  return createContextLoader((ids, { actor }) => carts.findVisible(actor, ids));
}

/** Loads carts by the id of their user, those that the caller may see. */
export function createCartByUserLoader(carts: CartService) {
  return createContextLoader((userIds, { actor }) => carts.findVisibleByUser(actor, userIds));
}

/** Loads what is in carts by cart id. Null: nothing is. */
export function createCartItemsLoader(carts: CartService) {
  return createContextLoader((cartIds) => carts.findItems(cartIds));
}

export type CartLoader = ReturnType<typeof createCartLoader>;
export type CartItemsLoader = ReturnType<typeof createCartItemsLoader>;

export function createCartReference(load: CartLoader): ReferenceResolver {
  return ({ id }, context) => load(context).load(String(id));
}
