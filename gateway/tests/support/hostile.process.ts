// Sends hostile requests to a gateway in this process and prints how much the heap has grown once they are over.
//   node --expose-gc --import tsx hostile.process.ts REQUESTS
import { Agent, request } from 'node:http';
import { startTestGraph } from './test-graph.ts';

const requests = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** What an attacker varies: each text is new, so nothing is found in a cache. */
const attacks: readonly ((n: number) => { body: string; headers?: Record<string, string> })[] = [
  (n) => ({ body: toBody(`{ a${n}: whoAmI users { b${n}: id rating } }`) }),
  (n) => ({ body: toBody(`{ nobody${n} }`) }),
  (n) => ({ body: toBody(`{ users { ${'... on User { id '.repeat(40)} ${'} '.repeat(40)} } # ${n}`) }),
  (n) => ({ body: toBody(`{ ${Array.from({ length: 80 }, (_, i) => `f${n}_${i}: whoAmI`).join(' ')} }`) }),
  (n) => ({
    body: toBody(`{ ${'...a '.repeat(40)} } fragment a on Query { ${'...a '.repeat(40)} x${n}: whoAmI }`),
  }),
  (n) => ({
    body: toBody('query ($i: CallInput!) { call(input: $i) }', {
      i: { phoneNumber: `${n}`, times: 'x'.repeat(5_000) },
    }),
  }),
  (n) => ({ body: `{"query": "{ whoAmI }", "n": ${n}` }),
  (n) => ({ body: `[${toBody('{ whoAmI }')}, ${n}]` }),
  (n) => ({ body: toBody('{ whoAmI }'), headers: { authorization: `Bearer forged-${n}` } }),
  (n) => ({ body: toBody(`{ __schema { types { a${n}: name fields { name type { name } } } } }`) }),
];

function toBody(query: string, variables?: object): string {
  return JSON.stringify({ query, variables });
}

function send(url: string, n: number): Promise<number | undefined> {
  const attack = attacks[n % attacks.length]!(n);
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/graphql`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', ...attack.headers } },
      (response) => response.resume().on('end', () => resolve(response.statusCode)),
    );
    sent.on('error', reject).end(attack.body);
  });
}

async function attackWith(url: string, from: number, count: number): Promise<Set<number | undefined>> {
  const statuses = new Set<number | undefined>();
  let next = from;
  const worker = async () => {
    while (next < from + count) statuses.add(await send(url, next++));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return statuses;
}

function heapMiB(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1024 ** 2;
}

await using graph = await startTestGraph();
await attackWith(graph.gateway.url, 0, 200);
const baseline = heapMiB();
const statuses = await attackWith(graph.gateway.url, 200, requests);
process.stdout.write(JSON.stringify({ grownMiB: heapMiB() - baseline, statuses: [...statuses].sort() }));
agent.destroy();
