import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { type DocumentNode, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ledger } from './fixtures/ledger.fixture.ts';
import { media } from './fixtures/media.fixture.ts';
import { own } from './fixtures/own.fixture.ts';
import { shop } from './fixtures/shop.fixture.ts';
import {
  comparableErrors,
  findPointless,
  withoutExtraTypenames,
  withTypenames,
} from './support/agreement.ts';
import { composeFixture } from './support/composition.ts';
import { Choices, generateQuery } from './support/query.generator.ts';
import { createStockWorld, type StockGateway } from './support/stock.ts';
import { createSubject } from './support/subject.ts';
import type { Trouble } from './support/world.ts';

/** Queries per fixture and kind of trouble; set ENGINE_DIFFERENTIAL_RUNS for a longer run. A failure tells its seed; with ENGINE_DIFFERENTIAL_SEED it is repeated and made small. */
const RUNS = Number(process.env.ENGINE_DIFFERENTIAL_RUNS ?? 250);
const SEED = process.env.ENGINE_DIFFERENTIAL_SEED;

const tape = fc.array(fc.nat(9999), { maxLength: 180, size: 'max' });

const troubles = {
  'a calm world': fc.constant({ errors: 0, nulls: 0, dead: [] as number[] }),
  'errors and nulls': fc.record({
    errors: fc.constantFrom(0, 30, 120),
    nulls: fc.constantFrom(0, 40, 150),
    dead: fc.constant([] as number[]),
  }),
  'dead subgraphs': fc.record({
    errors: fc.constantFrom(0, 20),
    nulls: fc.constantFrom(0, 50),
    dead: fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }),
  }),
};

describe.each([shop, media, ledger, own])('the engine and the stock executor over $name', (source) => {
  const fixture = composeFixture(source);
  const subject = createSubject(fixture);
  const stock = createStockWorld(subject.world);
  const subgraphNames = [...fixture.typeDefs.keys()];

  test.each(Object.entries(troubles))(
    'agree in %s',
    async (_name, trouble) => {
      const property = fc.asyncProperty(tape, fc.nat(), trouble, async (choices, seed, kind) => {
        const { source: text, variables } = generateQuery(subject.engine.schema, new Choices(choices));
        const document = parse(text, { noLocation: true });
        fc.pre(validate(subject.engine.schema, document).length === 0);
        const dead = new Set(kind.dead.flatMap((index) => subgraphNames[index] ?? []));
        const here: Trouble = { ...kind, seed, dead };
        const request = subject.request({ document, source: text, variables }, here);
        const ours = await subject.engine.execute(request);
        const told = `${text}\n${JSON.stringify(variables)}\n${JSON.stringify({ ...here, dead: [...dead] })}`;
        expect(JSON.parse((await subject.engine.executeToJson(request))!), told).toEqual(plain(ours));
        const theirs = await askStock(stock, document, variables, here, ours.data);
        expect(plain(ours.data), told).toEqual(theirs.data);
        expect(findPointless(ours), told).toEqual([]);
        const errors = comparableErrors(ours, theirs);
        expect(errors.ours, told).toEqual(errors.theirs);
      });
      await fc.assert(property, {
        numRuns: RUNS,
        endOnFailure: SEED === undefined,
        ...(SEED && { seed: Number(SEED) }),
      });
    },
    3_600_000,
  );
});

/** Asks once more with types spelled out where the plain answer differs (exception 1). */
async function askStock(
  stock: StockGateway,
  document: DocumentNode,
  variables: Record<string, unknown>,
  trouble: Trouble,
  expected: unknown,
) {
  const theirs = await stock.run(document, stock.plan(document), variables, trouble);
  if (isDeepStrictEqual(theirs.data, plain(expected))) return theirs;
  const explicit = withTypenames(document);
  const again = await stock.run(explicit, stock.plan(explicit), variables, trouble);
  return { ...again, data: withoutExtraTypenames(again.data, expected) };
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
