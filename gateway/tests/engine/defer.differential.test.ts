import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ledger } from './fixtures/ledger.fixture.ts';
import { media } from './fixtures/media.fixture.ts';
import { own } from './fixtures/own.fixture.ts';
import { shop } from './fixtures/shop.fixture.ts';
import { composeFixture } from './support/composition.ts';
import { digest } from './support/digest.ts';
import {
  assemble,
  findMissing,
  type Payload,
  spreadLosses,
  tellErrors,
  withCommonNulls,
} from './support/incremental.ts';
import { Choices, generateDeferringQuery } from './support/query.generator.ts';
import { createSubject } from './support/subject.ts';
import type { Trouble } from './support/world.ts';

/** As in differential.test.ts. */
const RUNS = Number(process.env.ENGINE_DIFFERENTIAL_RUNS ?? 100);
const SEED = process.env.ENGINE_DIFFERENTIAL_SEED;

/** Shorter than in differential.test.ts: the planner finds far more possible plans where something is deferred. */
const tape = fc.array(fc.nat(9999), { maxLength: 70, size: 'max' });

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

const { ratings, ...others } = media.subgraphs;
/** With an interface object nothing is deferred. */
const withoutInterfaceObject = { name: 'media without ratings', subgraphs: others };

describe.each([shop, withoutInterfaceObject, ledger, own])('an answer in parts over $name', (source) => {
  const fixture = composeFixture(source);
  const subject = createSubject(fixture, async ({ query }, { seed }) => {
    for (let turns = digest(seed, query) % 4; turns > 0; turns--) await nextTurn();
  });
  // Where a condition stands on a field with `@requires`, Apollo's planner loses fields beside it, deferred or not.
  const hasConditions = !Object.values(source.subgraphs).some((sdl) => sdl.includes('@requires('));
  /**
   * Whether both plans meet the same trouble. Where several subgraphs have a field they may ask different ones, of which
   * one is dead; and a deferred part may need keys that nothing else asks for, whose own parts may fail.
   */
  const hasCompositeKeys = Object.values(source.subgraphs).some((sdl) => /@key\(fields: "[^"]*\{/.test(sdl));
  const isExact = ({ errors, nulls, dead }: { errors: number; nulls: number; dead: readonly number[] }) =>
    dead.length === 0 && (!hasCompositeKeys || errors + nulls === 0);
  const subgraphNames = [...fixture.typeDefs.keys()];

  test.each(Object.entries(troubles))(
    'is the whole answer once put together, in %s',
    async (_name, trouble) => {
      const property = fc.asyncProperty(tape, fc.nat(), trouble, async (choices, seed, kind) => {
        const { source: text, variables } = generateDeferringQuery(
          subject.engine.schema,
          new Choices(choices),
          { hasConditions },
        );
        const document = parse(text, { noLocation: true });
        fc.pre(validate(subject.engine.schema, document).length === 0);
        const dead = new Set(kind.dead.flatMap((index) => subgraphNames[index] ?? []));
        const here: Trouble = { ...kind, seed, dead, hasAllEntities: true };
        const request = subject.request({ document, source: text, variables }, here);
        const payloads: Payload[] = [];
        const running = subject.engine.executeInParts(request, (json) => payloads.push(JSON.parse(json)));
        fc.pre(running !== undefined);
        await running;
        const told = `${text}\n${JSON.stringify(variables)}\n${JSON.stringify({ ...here, dead: [...dead] })}\n${JSON.stringify(payloads)}`;
        expect(
          payloads.map(({ hasNext }) => hasNext),
          told,
        ).toEqual(payloads.map((_, index) => index < payloads.length - 1));
        const whole = JSON.parse(JSON.stringify(await subject.engine.execute(request)));
        const assembled = assemble(payloads);
        const data = spreadLosses(assembled, whole.data);
        if (!isExact(kind)) {
          expect(withCommonNulls(data, whole.data), told).toEqual(withCommonNulls(whole.data, data));
          return;
        }
        expect(data, told).toEqual(whole.data);
        const errors = { ours: tellErrors(assembled.errors), whole: tellErrors(whole.errors) };
        expect(findMissing(errors.ours, errors.whole, whole.data), told).toEqual([]);
        expect(findMissing(errors.whole, errors.ours, whole.data), told).toEqual([]);
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
