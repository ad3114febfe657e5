import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePorts } from '@suvidha/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type Topology = 'one process' | 'six processes';

const scripts: Readonly<Record<Topology, string>> = {
  'one process': 'packages/launcher/src/main.ts',
  'six processes': 'packages/launcher/src/services.ts',
};

/** The product as somebody starts it, with a data folder of its own that outlives restarts. */
export class Product implements AsyncDisposable {
  readonly #topology: Topology;
  readonly #env: Record<string, string>;
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(topology: Topology, env: Record<string, string>) {
    this.#topology = topology;
    this.#env = env;
  }

  /** Prepares the product without starting it. */
  static async create(topology: Topology, env: Record<string, string> = {}): Promise<Product> {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'suvidha-e2e-'));
    await chmod(directory, 0o755);
    const names = [
      'PORT',
      'SANDBOX_PORT',
      'IDENTITY_PORT',
      'KYC_PORT',
      'BILLING_PORT',
      'COMMERCE_PORT',
      'PAYMENTS_PORT',
    ];
    const ports = await findFreePorts(names.length);
    const portEnv = Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
    return new Product(topology, { ...portEnv, SUVIDHA_DATA_DIR: directory, ...env });
  }

  /** Creates and starts it. */
  static async start(topology: Topology, env: Record<string, string> = {}): Promise<Product> {
    const product = await Product.create(topology, env);
    await product.start();
    return product;
  }

  get url(): string {
    return `http://localhost:${this.#env.PORT}`;
  }

  get sandboxUrl(): string {
    return this.#env.SANDBOX_URL ?? `http://localhost:${this.#env.SANDBOX_PORT}`;
  }

  /** Of the process that was started last. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What the process has printed since it was last started. */
  get output(): string {
    return this.#output;
  }

  get dataDirectory(): string {
    return this.#env.SUVIDHA_DATA_DIR ?? '';
  }

  /** Starts the process and waits until it says that it is ready. */
  async start(): Promise<void> {
    const child = this.spawn();
    const ready = Promise.withResolvers<void>();
    const look = () => {
      if (this.#output.includes('Suvidha is ready.')) ready.resolve();
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) => ready.reject(new Error(`it ended with ${code}: ${this.#output}`)));
    await ready.promise;
  }

  /** Starts the process and waits until it has ended. */
  async startToFail(): Promise<{ code: number | null; output: string }> {
    const child = this.spawn();
    const [code] = await once(child, 'close');
    return { code, output: this.#output };
  }

  spawn(): ChildProcess {
    this.#output = '';
    const child = spawn(process.execPath, ['--import', 'tsx', scripts[this.#topology]], {
      cwd: root,
      env: { ...toPlainEnv(process.env), ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    this.#child = child;
    return child;
  }

  /** Ends the process as a crash does: nothing of ours runs afterwards. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends the process as an operator does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) await this.stop();
    else await this.#stopOrphans();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  /** A killed product leaves its database server behind: the next start adopts it and a clean stop ends it. */
  async #stopOrphans(): Promise<void> {
    await this.start().then(
      () => this.stop(),
      () => undefined,
    );
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

/** Settings of the test run itself stay out of the product. */
function toPlainEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_ENV: _mode, VITEST: _vitest, NODE_OPTIONS: _options, ...rest } = env;
  return rest;
}
