import { createConnectionType, DateTime, MoneyType, Public } from '@suvidha/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@ObjectType('Product', { description: 'Something that can be bought.' })
@Directive('@key(fields: "id")')
@Directive('@key(fields: "slug")')
@Public()
export class ProductType {
  @Field(() => ID, { description: 'Identifies the product.' })
  id!: string;

  @Field(() => String, { description: 'Identifies the product in addresses, such as `steel-water-bottle`.' })
  slug!: string;

  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, { description: 'What it is, in a few sentences.' })
  description!: string;

  @Field(() => MoneyType, { description: 'What one piece costs.' })
  price!: MoneyType;

  @Field(() => DateTime, { description: 'When it was added to the catalogue.' })
  createdAt!: Date;
}

export const ProductConnection = createConnectionType(ProductType, 'Product');
