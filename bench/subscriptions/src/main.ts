/**
 * Our gateway's subscriptions beside a bare graphql-ws server that executes them itself, and Hive Gateway. Each runs alone on
 * one processor; the clients, and the subgraph behind the gateways, share the other. Beside the bare server ours has its
 * subgraph in its own process too; beside Hive both have it over a socket. `--json FILE` writes the rows,
 * `--seconds N` and `--rounds N` set the length, `--only NAME` runs one peer.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { findFreePort, GATEWAY_CPU, LOAD_CPU, startPinned, stop, waitFor } from '../../processes.ts';
import { composeSupergraph, type Scenario } from './graph.ts';
import type { LoadResult } from './load.ts';

/** `one process`: our gateway with the subgraph in its own process, as the bare server has it. */
const peers = ['one process', 'bare', 'suvidha', 'hive'] as const;
type Peer = (typeof peers)[number];

interface Measured extends LoadResult {
  readonly peer: Peer;
  readonly scenario: Scenario;
  /** What the process took more with all subscriptions than with none, per subscription. */
  readonly memoryKiB: number;
}

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});
const SOCKETS = 1_000;
const SUBSCRIPTIONS_EACH = 10;

interface Place {
  readonly port: number;
  /** Where events are asked for: the bare server's own port, or that of the subgraph. */
  readonly control: number;
  readonly supergraph: string;
}

function programOf(peer: Peer, { port, control, supergraph }: Place): string[] {
  if (peer === 'bare') return ['--import', 'tsx', 'src/server.ts', String(port)];
  if (peer === 'suvidha' || peer === 'one process') {
    const ours = ['--import', 'tsx', 'src/peers/suvidha.ts', String(port), supergraph];
    return peer === 'suvidha' ? ours : [...ours, String(control)];
  }
  const place = ['--host', '127.0.0.1', '--port', String(port), '--fork', '1'];
  const config = ['--config-path', 'src/peers/hive.config.ts'];
  return ['node_modules/@graphql-hive/gateway/dist/bin.js', 'supergraph', supergraph, ...place, ...config];
}

function residentKiB({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}

/** Per user there are few events, and a hundredth of them decides: they are measured for longer. */
function secondsOf(scenario: Scenario): number {
  return Number(values.seconds) * (scenario === 'per user' ? 3 : 1);
}

/** Runs the clients through their steps: subscribe, then measure. */
async function load(scenario: Scenario, port: number, control: number, target: ChildProcess) {
  const child = startPinned(
    LOAD_CPU,
    [
      '--import',
      'tsx',
      'src/load.ts',
      scenario,
      port,
      control,
      SOCKETS,
      SUBSCRIPTIONS_EACH,
      secondsOf(scenario),
    ].map(String),
  );
  if (!child.stdin || !child.stdout) throw new Error('the clients cannot be talked to');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the clients ended before they were done');
    return String(value);
  };
  const before = residentKiB(target);
  child.stdin.write('subscribe\n');
  await nextLine();
  child.stdin.write('measure\n');
  const result: LoadResult = JSON.parse(await nextLine());
  const memoryKiB = (residentKiB(target) - before) / (SOCKETS * SUBSCRIPTIONS_EACH);
  await stop(child);
  return { ...result, memoryKiB };
}

async function measure(peer: Peer, scenario: Scenario, folder: string): Promise<Measured> {
  const port = await findFreePort();
  const control = peer === 'bare' ? port : await findFreePort();
  const started: ChildProcess[] = [];
  const start = async (cpu: number, args: readonly string[], url: string) => {
    const child = startPinned(cpu, args);
    started.push(child);
    child.stdout?.resume();
    await waitFor(url, child);
    return child;
  };
  try {
    const origin = `http://127.0.0.1:${control}/graphql`;
    const supergraph = join(folder, 'supergraph.graphql');
    writeFileSync(supergraph, composeSupergraph(origin));
    const place = { port, control, supergraph };
    if (peer === 'suvidha' || peer === 'hive')
      await start(LOAD_CPU, programOf('bare', { ...place, port: control }), origin);
    const url = `http://127.0.0.1:${port}/graphql`;
    const target = await start(GATEWAY_CPU, programOf(peer, place), url);
    return { peer, scenario, ...(await load(scenario, port, control, target)) };
  } finally {
    for (const child of started) await stop(child);
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

type Figure = 'messagesPerSecond' | 'p99Ms' | 'memoryKiB';

function toRows(measured: readonly Measured[]) {
  const of = (peer: Peer, scenario: Scenario, figure: Figure) =>
    median(
      measured.filter((one) => one.peer === peer && one.scenario === scenario).map((one) => one[figure]),
    );
  const row = (name: string, unit: string, scenario: Scenario, figure: Figure) => {
    const peer = name.endsWith('bare') ? 'bare' : 'hive';
    const ours = peer === 'bare' ? 'one process' : 'suvidha';
    const value = Number(of(ours, scenario, figure).toFixed(2));
    const peerValue = Number(of(peer, scenario, figure).toFixed(2));
    return { name, value, unit, peer, peerValue, ratio: Number((value / peerValue).toFixed(3)) };
  };
  return [
    row('fan-out throughput vs bare', 'messages/s', 'fan-out', 'messagesPerSecond'),
    row('fan-out throughput vs hive', 'messages/s', 'fan-out', 'messagesPerSecond'),
    row('fan-out latency vs bare', 'ms, p99', 'fan-out', 'p99Ms'),
    row('fan-out latency vs hive', 'ms, p99', 'fan-out', 'p99Ms'),
    row('per-user latency vs bare', 'ms, p99', 'per user', 'p99Ms'),
    row('per-user latency vs hive', 'ms, p99', 'per user', 'p99Ms'),
    row('memory per subscription vs hive', 'KiB', 'per user', 'memoryKiB'),
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'bench-subscriptions-'));
try {
  const measured: Measured[] = [];
  for (let round = 1; round <= Number(values.rounds); round++)
    for (const peer of peers)
      for (const scenario of ['fan-out', 'per user'] as const) {
        if (values.only && values.only !== peer) continue;
        const one = await measure(peer, scenario, folder);
        process.stderr.write(`round ${round}: ${JSON.stringify(one)}\n`);
        measured.push(one);
      }
  // With `--only` some have no peer.
  const results = toRows(measured).filter(({ value, peerValue }) => value > 0 && peerValue > 0);
  for (const { name, value, unit, peerValue, ratio } of results)
    process.stdout.write(`${name.padEnd(34)} ${value} ${unit}, peer ${peerValue}, ratio ${ratio}\n`);
  // npm changes into this folder and says where it was called.
  if (values.json)
    writeFileSync(
      resolve(process.env.INIT_CWD ?? '.', values.json),
      `${JSON.stringify({ results }, null, 2)}\n`,
    );
} finally {
  rmSync(folder, { recursive: true });
}
