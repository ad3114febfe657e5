import { type ChildProcessByStdio, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('example.fixture.ts', import.meta.url));

function start(what: string) {
  const child = fork(fixture, [what], { execArgv: ['--import', 'tsx'], silent: true });
  const { stdout, stderr } = child as ChildProcessByStdio<null, Readable, Readable>;
  let output = '';
  const waiting = new Map<string, () => void>();
  stdout.on('data', (chunk) => {
    output += chunk;
    for (const [line, resolve] of waiting) if (output.includes(line)) resolve();
  });
  // Not the event `close`: Node does not tell of it when the parent has disconnected.
  const parts = Promise.all([once(child, 'exit'), text(stderr), once(stdout, 'end')]);
  return {
    child,
    said: (line: string) => new Promise<void>((resolve) => waiting.set(line, resolve)),
    ended: parts.then(([[code, signal], errors]) => ({ code, signal, output, errors })),
  };
}

describe.concurrent('a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops in order on %s', async (signal) => {
    const { child, said, ended } = start('runs');
    await said('ready');
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, signal: null, output: 'ready\nstopped\n', errors: '' });
  });

  it('stops when whoever started it is gone', async () => {
    const { child, said, ended } = start('runs');
    await said('ready');
    child.disconnect();
    expect(await ended).toMatchObject({ code: 0, output: 'ready\nstopped\n' });
  });

  it('that is told to stop while it starts, stops when it has started', async () => {
    const { child, said, ended } = start('starts slowly');
    await said('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, output: 'ready\nstarted\nstopped\n' });
  });

  it('ends at once on a second signal', async () => {
    const { child, said, ended } = start('stops without end');
    await said('ready');
    child.kill('SIGTERM');
    await said('stopping');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 1, errors: '' });
  });

  it('says why it could not be stopped', async () => {
    const { child, said, ended } = start('stops badly');
    await said('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, errors: 'It could not be stopped.\n' });
  });

  it.each([
    ['cannot start', /^The folder is in use: stop the other one\.\n$/],
    ['is configured badly', /^Set PORT and start again\.\n$/],
    ['finds its port taken', /^Port \d+ is in use: stop what listens there or choose another port\.\n$/],
    ['throws no error', /^The process failed\.\n$/],
    ['has a bug', /^TypeError: something is undefined\n {4}at /],
  ])('that %s says so and fails', async (what, sentence) => {
    const { code, output, errors } = await start(what).ended;
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(sentence);
  });
});
