import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { findFreePort } from '@suvidha/testing';

const programs = ['valkey-server', 'redis-server'];

function isInstalled(program: string): boolean {
  return !spawnSync(program, ['--version']).error;
}

/** Whether this machine has Redis or Valkey. Where CI says that it must, its absence fails instead of skipping. */
export function hasRedis(): boolean {
  const isThere = programs.some(isInstalled);
  if (!isThere && process.env.CI) throw new Error('CI must have redis-server installed');
  return isThere;
}

/** A Redis of the test's own, which it can restart; it forgets everything each time. */
export class TestRedis implements AsyncDisposable {
  readonly #port: number;
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
  }

  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await findFreePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const program = programs.find(isInstalled) ?? '';
    const settings = [
      '--port',
      String(this.#port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    this.#child = spawn(program, settings, { stdio: 'ignore' });
    while (!(await this.#answers()));
  }

  async kill(): Promise<void> {
    if (!this.#child || this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  async #answers(): Promise<boolean> {
    const socket = connect(this.#port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return isThere;
  }
}
