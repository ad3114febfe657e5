import { describe, expect, it } from 'vitest';
import { Admission } from '../../src/engine/run/admission.ts';
import { ConcurrencyLimit } from '../../src/engine/run/concurrency.limit.ts';

/** Work that has begun, and a way to end each piece. */
function startMany(admission: Admission, count: number) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const allBegan = Promise.withResolvers<void>();
  const results = Array.from({ length: count }, (_, index) =>
    admission.run(async () => {
      begun.push(index);
      if (begun.length === count) allBegan.resolve();
      await new Promise<void>((resolve) => {
        ends.push(resolve);
      });
      return index;
    }),
  );
  return { begun, ends, results, allBegan: allBegan.promise };
}

describe('admission', () => {
  it('lets operations begin one for one with those that end, in order of arrival, while the processor is busy', async () => {
    const { begun, ends, results } = startMany(new Admission(() => 0), 3_000);
    const atOnce = begun.length;
    expect(atOnce).toBeLessThan(100);
    for (let ended = 0; ended < 3_000; ended += 1) {
      ends[ended]?.();
      await results[ended];
      expect(begun.length).toBe(Math.min(3_000, atOnce + ended + 1));
    }
    expect(begun).toEqual(results.map((_, index) => index));
    expect(await Promise.all(results)).toEqual(begun);
  });

  it('lets all begin while the processor has time to spare, though none ends', async () => {
    const { allBegan, begun } = startMany(new Admission(() => 1), 2_000);
    await allBegan;
    expect(begun.length).toBe(2_000);
  });

  it('gives the turn on when work fails', async () => {
    const admission = new Admission(() => 0);
    const failures = Array.from({ length: 50 }, () =>
      admission.run(() => Promise.reject(new Error('no'))).catch((error: Error) => error.message),
    );
    expect(new Set(await Promise.all(failures))).toEqual(new Set(['no']));
    expect(await admission.run(async () => 'yes')).toBe('yes');
  });
});

describe('the concurrency limit', () => {
  it('doubles in an idle process and comes down again in a busy one, never below what keeps it busy', () => {
    const limit = new ConcurrencyLimit();
    const least = limit.value;
    limit.adapt(1);
    expect(limit.value).toBe(2 * least);
    for (let look = 0; look < 1_000; look += 1) limit.adapt(0);
    expect(limit.value).toBe(least);
  });

  it('has an end', () => {
    const limit = new ConcurrencyLimit();
    for (let look = 0; look < 100; look += 1) limit.adapt(1);
    expect(limit.value).toBe(10_000);
  });
});
