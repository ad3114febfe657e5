import { type BuiltSubgraph, buildSubgraph } from '@suvidha/subgraph';
import {
  createCartByUserLoader,
  createCartItemsLoader,
  createCartLoader,
  createCartReference,
} from './cart/cart.reference.ts';
import { CartResolver } from './cart/cart.resolver.ts';
import type { CartService } from './cart/cart.service.ts';
import {
  createProductBySlugLoader,
  createProductLoader,
  createProductReference,
} from './product/product.reference.ts';
import { ProductResolver } from './product/product.resolver.ts';
import type { ProductService } from './product/product.service.ts';
import { UserResolver } from './user/user.resolver.ts';
import { UserStub } from './user/user.stub.ts';

export interface CommerceServices {
  readonly products: ProductService;
  readonly carts: CartService;
}

/** The commerce subgraph: its own types, and what it contributes to those of others, over its services. */
export function buildCommerceSchema({ products, carts }: CommerceServices): Promise<BuiltSubgraph> {
  const productLoaders = { byId: createProductLoader(products), bySlug: createProductBySlugLoader(products) };
  return buildSubgraph({
    resolvers: [ProductResolver, CartResolver, UserResolver],
    orphanedTypes: [UserStub],
    references: {
      Product: createProductReference(productLoaders),
      Cart: createCartReference(createCartLoader(carts)),
    },
    instances: [
      new ProductResolver(products, productLoaders),
      new CartResolver(createCartItemsLoader(carts)),
      new UserResolver(createCartByUserLoader(carts)),
    ],
  });
}
