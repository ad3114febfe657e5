import { createContextLoader, type ReferenceResolver } from '@suvidha/subgraph';
import type { ProductService } from './product.service.ts';

/** Loads products by id. */
export function createProductLoader(products: ProductService) {
  return createContextLoader((ids) => products.findByIds(ids));
}

/** Loads products by slug. */
export function createProductBySlugLoader(products: ProductService) {
  return createContextLoader((slugs) => products.findBySlugs(slugs));
}

export interface ProductLoaders {
  readonly byId: ReturnType<typeof createProductLoader>;
  readonly bySlug: ReturnType<typeof createProductBySlugLoader>;
}

/** Another subgraph names a product by one of its two keys. */
export function createProductReference({ byId, bySlug }: ProductLoaders): ReferenceResolver {
  return ({ id, slug }, context) =>
    id === undefined ? bySlug(context).load(String(slug)) : byId(context).load(String(id));
}
