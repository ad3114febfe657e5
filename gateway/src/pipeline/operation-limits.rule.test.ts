import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createOperationLimitsRule, defaultLimits } from './operation-limits.rule.ts';

const schema = buildSchema(`
  type Query { bills(first: Int = 20, after: ID): Bills  bill: Bill }
  type Bills { edges: [BillEdge!]! }
  type BillEdge { node: Bill! }
  type Bill { id: ID!  payments(first: Int, last: Int): Bills }
`);

const check = (query: string, limits = {}) =>
  validate(schema, parse(query), [createOperationLimitsRule({ ...defaultLimits, ...limits })]).map(
    ({ message, extensions }) => ({ message, code: extensions.code }),
  );

/** The least cost limit under which the operation runs. */
function costOf(query: string): number {
  let cost = 0;
  while (check(query, { maxCost: cost }).length > 0) cost += 1;
  return cost;
}

describe('the cost of an operation', () => {
  it.each([
    ['counts objects, not their values', '{ bill { id } }', 1],
    ['is repeated by a page', '{ bills(first: 5) { edges { node { id } } } }', 1 + 5 * 2],
    ['takes the schema’s page when none is asked for', '{ bills { edges { node { id } } } }', 1 + 20 * 2],
    [
      'takes the largest page for a variable',
      'query ($n: Int) { bills(first: $n) { edges { node { id } } } }',
      1 + 100 * 2,
    ],
    [
      'multiplies pages in pages, through fragments too',
      `{ bills(first: 3) { ...B } } fragment B on Bills { edges { node { payments(last: 4) { ... { edges { node { id } } } } } } }`,
      1 + 3 * (2 + 1 + 4 * 2),
    ],
    ['is no less for a page of nothing', '{ bills(first: -5) { edges { node { id } } } }', 3],
  ])('%s', (_case, query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  it('is limited', () => {
    const page = (inner: string) => `payments(first: 100) { edges { node { id ${inner} } } }`;
    expect(check(`{ bill { ${page(page(''))} } }`)).toEqual([]);
    expect(check(`{ bill { ${page(page(page('')))} } }`)).toEqual([
      { message: 'The operation is able to return more than 50000 objects.', code: 'OPERATION_TOO_LARGE' },
    ]);
  });
});
