/** The operations that are measured. */
export type QueryName = 'heavy' | 'light';

/** `heavy` is the query of the public benchmark; `light` is one small fetch. */
export const queries: Readonly<Record<QueryName, string>> = {
  heavy: `
    fragment User on User { id username name }
    fragment Review on Review { id body }
    fragment Product on Product { inStock name price shippingEstimate upc weight }
    query TestQuery {
      users {
        ...User
        reviews {
          ...Review
          product {
            ...Product
            reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
          }
        }
      }
      topProducts {
        ...Product
        reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
      }
    }`,
  light: 'query Light { topProducts(first: 5) { upc name price } }',
};
