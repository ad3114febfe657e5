/**
 * The graph of the public federation gateways benchmark: four subgraphs, six users, nine products, eleven reviews, with
 * the same relations between them; the texts are ours.
 */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

export const subgraphNames = ['accounts', 'inventory', 'products', 'reviews'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@shareable", "@external", "@requires", "@provides"])`;

export const typeDefs: Readonly<Record<SubgraphName, string>> = {
  accounts: `${LINK}
    type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }`,
  inventory: `${LINK}
    type Product @key(fields: "upc") {
      upc: String! weight: Int @external price: Int @external
      inStock: Boolean shippingEstimate: Int @requires(fields: "price weight")
    }`,
  products: `${LINK}
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  reviews: `${LINK}
    type Review @key(fields: "id") { id: ID! body: String product: Product author: User @provides(fields: "username") }
    type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
};

/** The supergraph with every subgraph at a path of one address. */
export function composeSupergraph(origin: string): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphNames.map((name) => ({ name, url: `${origin}/${name}`, typeDefs: parse(typeDefs[name]) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

interface Reference {
  readonly __typename: string;
  readonly id: string;
  readonly upc: string;
  readonly price?: number | null;
  readonly weight?: number | null;
}

const users = ['Asha Rao', 'Bilal Khan', 'Chen Wei', 'Dara Obi', 'Elena Petrova', 'Farid Haidari'].map(
  (name, index) => ({
    __typename: 'User',
    id: String(index + 1),
    name,
    username: name.toLowerCase().replace(' ', '.'),
    birthday: 19_700_101 + index,
  }),
);

const productNames = ['Table', 'Couch', 'Glass', 'Chair', 'TV', 'Lamp', 'Grill', 'Fridge', 'Sofa'];
const products = productNames.map((name, index) => ({
  __typename: 'Product',
  upc: String(index + 1),
  name,
  price: [899, 1299, 15, 499, 1299, 6999, 3999, 100_000, 9999][index],
  weight: [100, 1000, 20, 100, 1000, 300, 2000, 6000, 30][index],
  inStock: [true, false, false, false, true, true, true, false, true][index],
}));

const SENTENCE =
  'It stood in the rain for a whole season, was carried up four floors and still does its work. ';
const lengths = [447, 289, 283, 148, 447, 289, 283, 148, 148, 148, 808];
const reviewedProducts = ['1', '1', '1', '1', '2', '2', '2', '2', '3', '4', '4'];
const reviews = lengths.map((length, index) => ({
  __typename: 'Review',
  id: String(index + 1),
  body: SENTENCE.repeat(9).slice(0, length),
  product: { __typename: 'Product', upc: reviewedProducts[index] },
  author: { __typename: 'User', id: '1', username: users[0]?.username },
}));

/** Root values and reference resolvers of each subgraph. */
export const resolvers: Readonly<Record<SubgraphName, Record<string, Record<string, unknown>>>> = {
  accounts: {
    Query: { me: () => users[0], user: (_: unknown, { id }: Reference) => findUser(id), users: () => users },
    User: { __resolveReference: ({ id }: Reference) => findUser(id) },
  },
  inventory: {
    Product: {
      __resolveReference: (reference: Reference) => ({
        ...reference,
        inStock: findProduct(reference.upc)?.inStock,
      }),
      shippingEstimate: ({ price, weight }: Reference) => ((price ?? 0) > 1000 ? 0 : (weight ?? 0) / 2),
    },
  },
  products: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: ({ upc }: Reference) => findProduct(upc) },
  },
  reviews: {
    User: {
      __resolveReference: ({ id }: Reference) => ({ __typename: 'User', id }),
      reviews: () => reviews.slice(0, 2),
    },
    Product: {
      __resolveReference: ({ upc }: Reference) => ({ __typename: 'Product', upc }),
      reviews: ({ upc }: Reference) => reviews.filter(({ product }) => product.upc === upc),
    },
  },
};

function findUser(id: string) {
  return users.find((user) => user.id === id);
}

function findProduct(upc: string) {
  return products.find((product) => product.upc === upc);
}
