import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Product } from '../support/product.ts';

/** What an operator sees: one sentence, no stack. */
function expectOneSentence(output: string): void {
  const lines = output.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/\bat .*:\d+:\d+/);
}

async function listenSomewhere() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}

describe('a start that cannot succeed says in one sentence what to do', () => {
  it.each(['PORT', 'SANDBOX_PORT'])('%s is in use', async (name) => {
    await using taken = await listenSomewhere();
    await using product = await Product.create('one process', { [name]: String(taken.port) });
    const { code, output } = await product.startToFail();
    expect(code).not.toBe(0);
    expect(output).toContain(`Port ${taken.port} is in use`);
    expectOneSentence(output);
  });

  it('the data folder is in use by a live instance, which goes on working', async () => {
    await using live = await Product.start('one process');
    await using second = await Product.create('one process', { SUVIDHA_DATA_DIR: live.dataDirectory });
    const { code, output } = await second.startToFail();
    expect(code).not.toBe(0);
    expect(output).toContain(live.dataDirectory);
    expectOneSentence(output);
    const ready = await fetch(`${live.url}/health/ready`);
    expect(ready.status).toBe(200);
  });

  it('variables are missing in production: all are named at once, and no value is made up', async () => {
    await using product = await Product.create('one process', {
      NODE_ENV: 'production',
      INTERNAL_SECRET: 'too short',
    });
    const { code, output } = await product.startToFail();
    expect(code).not.toBe(0);
    for (const name of ['MASTER_KEY', 'DATABASE_URL_IDENTITY', 'RAZORPAY_KEY_SECRET', 'BILLING_SIGNING_KEY'])
      expect(output).toContain(`${name} is missing`);
    expect(output).toContain('INTERNAL_SECRET must have at least 32 characters');
    expect(output).not.toContain('too short');
    expectOneSentence(output);
  });
});

describe('a start that can succeed', () => {
  it('adopts what a killed instance left behind, and stops clean', async () => {
    await using product = await Product.start('one process');
    await product.kill();
    await product.start();
    const ready = await fetch(`${product.url}/health/ready`);
    expect(await ready.json()).toMatchObject({ status: 'ok', dependencies: { payments: true } });
    await product.stop();
    await expect(fetch(`${product.url}/health/live`)).rejects.toThrow();
  });
});
