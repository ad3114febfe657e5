import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Enough to fill every cache with what never comes again. `HOSTILE_REQUESTS=500000` is minutes of it. */
const requests = process.env.HOSTILE_REQUESTS ?? '6000';
const script = fileURLToPath(new URL('support/hostile.process.ts', import.meta.url));

it('answers hostile requests with the errors of the standard, and keeps nothing of them', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', script, requests],
    { timeout: 0 },
  );
  const { grownMiB, statuses } = JSON.parse(stdout);
  expect(statuses).toEqual([200, 400, 401]);
  expect(grownMiB).toBeLessThan(32);
}, 3_600_000);
