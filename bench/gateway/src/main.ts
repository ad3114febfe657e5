/**
 * Our gateway beside Apollo's and Hive's: the same supergraph, the same subgraphs, the same answers. Each runs alone on one
 * processor, in turn, several rounds; medians are printed. `--json FILE` writes them, `--seconds N` and `--rounds N` set the
 * length.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import {
  findFreePort,
  GATEWAY_CPU,
  LOAD_CPU,
  peakMemoryMiB,
  runPinned,
  startPinned,
  stop,
  waitFor,
} from '../../processes.ts';
import { composeSupergraph } from './graph.ts';
import type { LoadResult } from './load.ts';
import { type QueryName, queries } from './queries.ts';

const gateways = ['suvidha', 'apollo-gateway', 'hive-gateway', 'hive-router-runtime'] as const;
type GatewayName = (typeof gateways)[number];
type Identities = 'distinct' | 'one';

interface Measured {
  readonly gateway: GatewayName;
  readonly query: QueryName;
  readonly identities: Identities;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssMiB: number;
}

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});
const CONNECTIONS = '50';
const WARM_UP_SECONDS = '4';

function gatewayArgs(name: GatewayName, port: number, supergraph: string): string[] {
  const program = ['--import', 'tsx', `src/peers/${name}.ts`, String(port), supergraph];
  if (name === 'suvidha' || name === 'apollo-gateway') return program;
  const config = name === 'hive-gateway' ? 'hive-jit' : 'hive-router';
  const bin = 'node_modules/@graphql-hive/gateway/dist/bin.js';
  const place = ['--host', '127.0.0.1', '--port', String(port), '--fork', '1'];
  return [bin, 'supergraph', supergraph, ...place, '--config-path', `src/peers/${config}.config.ts`];
}

async function answerOf(port: number, query: QueryName): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer caller' },
    body: JSON.stringify({ query: queries[query] }),
  });
  return response.json();
}

async function load(
  port: number,
  query: QueryName,
  identities: Identities,
  seconds: string,
): Promise<LoadResult> {
  const args = [
    '--import',
    'tsx',
    'src/load.ts',
    String(port),
    '/graphql',
    query,
    identities,
    CONNECTIONS,
    seconds,
  ];
  const result: LoadResult = JSON.parse(await runPinned(LOAD_CPU, args));
  if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
  return result;
}

const expected = new Map<QueryName, unknown>();

async function measure(gateway: GatewayName, supergraph: string): Promise<Measured[]> {
  const port = await findFreePort();
  const child = startPinned(GATEWAY_CPU, gatewayArgs(gateway, port, supergraph));
  child.stdout?.resume();
  const measured: Measured[] = [];
  try {
    await waitFor(`http://127.0.0.1:${port}/graphql`, child);
    for (const query of ['heavy', 'light'] as const) {
      const answer = await answerOf(port, query);
      if (!expected.has(query)) expected.set(query, answer);
      if (!isDeepStrictEqual(answer, expected.get(query)))
        throw new Error(`${gateway} answers ${query} otherwise`);
      for (const identities of ['distinct', 'one'] as const) {
        await load(port, query, identities, WARM_UP_SECONDS);
        const { requestsPerSecond, p50Ms, p99Ms } = await load(port, query, identities, values.seconds);
        const rssMiB = peakMemoryMiB(child);
        measured.push({ gateway, query, identities, requestsPerSecond, p50Ms, p99Ms, rssMiB });
      }
    }
  } finally {
    await stop(child);
  }
  return measured;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** The median of each figure over the rounds. */
function summarise(measured: readonly Measured[]): Measured[] {
  const groups = Map.groupBy(
    measured,
    ({ gateway, query, identities }) => `${gateway} ${query} ${identities}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const of = (figure: 'requestsPerSecond' | 'p50Ms' | 'p99Ms' | 'rssMiB') =>
      median(group.map((one) => one[figure]));
    if (!first) return [];
    const latency = { p50Ms: of('p50Ms'), p99Ms: of('p99Ms') };
    return [{ ...first, requestsPerSecond: of('requestsPerSecond'), ...latency, rssMiB: of('rssMiB') }];
  });
}

function print(results: readonly Measured[]): void {
  const write = (...cells: string[]) =>
    process.stdout.write(`${cells.map((cell) => cell.padEnd(21)).join('')}\n`);
  write('query', 'gateway', 'requests/s', 'ours is', 'p50 ms', 'p99 ms', 'peak MiB');
  for (const { query, identities, gateway, requestsPerSecond, p50Ms, p99Ms, rssMiB } of results) {
    const ours = results.find(
      (one) => one.gateway === 'suvidha' && one.query === query && one.identities === identities,
    );
    const ratio = ours ? `${(ours.requestsPerSecond / requestsPerSecond).toFixed(2)} x` : '';
    write(
      `${query}, ${identities}`,
      gateway,
      ...[requestsPerSecond, ratio, p50Ms, p99Ms, rssMiB].map(String),
    );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
const subgraphPort = await findFreePort();
const subgraphs = startPinned(LOAD_CPU, ['--import', 'tsx', 'src/subgraphs.ts', String(subgraphPort)]);
try {
  const origin = `http://127.0.0.1:${subgraphPort}`;
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, composeSupergraph(origin));
  await waitFor(`${origin}/served`, subgraphs);
  const measured: Measured[] = [];
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const gateway of gateways) {
      if (values.only && values.only !== gateway) continue;
      process.stderr.write(`round ${round}: ${gateway}\n`);
      measured.push(...(await measure(gateway, supergraph)));
    }
  }
  const results = summarise(measured).toSorted((a, b) =>
    `${a.query} ${a.identities}`.localeCompare(`${b.query} ${b.identities}`),
  );
  print(results);
  // npm changes into this folder and says where it was called.
  if (values.json)
    writeFileSync(
      resolve(process.env.INIT_CWD ?? '.', values.json),
      `${JSON.stringify({ results }, null, 2)}\n`,
    );
} finally {
  await stop(subgraphs);
  rmSync(folder, { recursive: true });
}
