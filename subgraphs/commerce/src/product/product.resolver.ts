import {
  type Connection,
  MoneyType,
  PageArgs,
  Public,
  type SubgraphContext,
  toConnection,
  toMoneyType,
  toPage,
} from '@suvidha/subgraph';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { ProductLoaders } from './product.reference.ts';
import type { Product, ProductService } from './product.service.ts';
import { ProductConnection, ProductType } from './product.type.ts';

@Resolver(() => ProductType)
export class ProductResolver {
  readonly #products: ProductService;
  readonly #loaders: ProductLoaders;

  constructor(products: ProductService, loaders: ProductLoaders) {
    this.#products = products;
    this.#loaders = loaders;
  }

  @Query(() => ProductConnection, { nullable: true, description: 'The catalogue, oldest first.' })
  @Public()
  async products(@Args(() => PageArgs) args: PageArgs): Promise<Connection<Product>> {
    const page = toPage(args);
    return toConnection(await this.#products.findPage(page), page, (product) => product);
  }

  @Query(() => ProductType, {
    nullable: true,
    description: 'A product by its id. Null: there is none.',
  })
  @Public()
  product(
    @Arg('id', () => ID, { description: 'Identifies the product.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Product | null> {
    return this.#loaders.byId(context).load(id);
  }

  @Query(() => ProductType, {
    nullable: true,
    description: 'A product by its slug. Null: there is none.',
  })
  @Public()
  productBySlug(
    @Arg('slug', () => String, { description: 'Identifies the product in addresses.' }) slug: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Product | null> {
    return this.#loaders.bySlug(context).load(slug);
  }

  @FieldResolver(() => MoneyType)
  price(@Root() { price }: Product): MoneyType {
    return toMoneyType(price);
  }
}
