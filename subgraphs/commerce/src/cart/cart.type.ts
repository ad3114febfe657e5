import { MoneyType, RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ProductType } from '../product/product.type.ts';

@ObjectType('CartItem', { description: 'A product in a cart.' })
export class CartItemType {
  @Field(() => ProductType, { description: 'What is to be bought.' })
  product!: ProductType;

  @Field(() => Int, { description: 'How many pieces.' })
  quantity!: number;
}

@ObjectType('Cart', { description: 'What a person has put aside to buy.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class CartType {
  @Field(() => ID, { description: 'Identifies the cart.' })
  id!: string;

  @Field(() => [CartItemType], { description: 'What is in it: each product once.' })
  items!: CartItemType[];

  @Field(() => MoneyType, { description: 'What all of it costs at the prices of now.' })
  total!: MoneyType;
}
