import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createSandbox } from '../src/index.ts';
import { call, credentials, startSandbox } from './sandbox.fixture.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: { PATH: process.env.PATH, SANDBOX_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = once(child, 'close').then(([code]) => ({ code, output, errors }));
  return { child, exited, firstLine: once(child.stdout, 'data').then(([chunk]) => String(chunk)) };
}

it('prints its address, serves, and ends on SIGTERM', async () => {
  const { child, exited, firstLine } = start({});
  const line = await firstLine;
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
  expect((await call('GET', `${url}/inbox`)).body).toEqual([]);
  child.kill('SIGTERM');
  expect(await exited).toEqual({ code: 0, output: line, errors: '' });
  expect(line.trim().split('\n')).toHaveLength(1);
});

it.each([
  ['in production', { NODE_ENV: 'production' }, 'NODE_ENV=production'],
  [
    'with a bad environment',
    { SANDBOX_PORT: 'many', SANDBOX_RAZORPAY_WEBHOOK_URL: 'nowhere' },
    'SANDBOX_PORT, SANDBOX_RAZORPAY_WEBHOOK_URL',
  ],
])('refuses to start %s, in one sentence', async (_name, env, reason) => {
  const { code, output, errors } = await start(env).exited;
  expect({ code, output }).toEqual({ code: 1, output: '' });
  expect(errors).toContain(reason);
  expect(errors.trim().split('\n')).toHaveLength(1);
});

it.each(['port', 'smtpPort'] as const)('says so when its %s is taken', async (which) => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  const taken = typeof address === 'object' ? address?.port : undefined;
  const free = { port: 0, smtpPort: 0 };
  await expect(createSandbox({ ...free, [which]: taken, ...credentials })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  blocker.close();
});

it('may be closed twice', async () => {
  const sandbox = await startSandbox();
  await sandbox.close();
  await sandbox.close();
  await expect(fetch(sandbox.url)).rejects.toThrow();
});
