/**
 * Many subscriptions over many sockets, and what comes over them. Usage: load.ts SCENARIO PORT CONTROL SOCKETS EACH SECONDS,
 * where CONTROL is the port on which events are asked for. Waits for a line on standard input between the steps.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { FrameReader, toTextFrame } from './frames.ts';
import { documents, type Scenario } from './graph.ts';

export interface LoadResult {
  readonly messagesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const [scenario = 'fan-out', port = '', control = '', sockets = '1000', each = '10', seconds = '10'] =
  process.argv.slice(2);
const total = Number(sockets) * Number(each);
const query = documents[scenario as Scenario];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const rate = 500;

let acknowledged = 0;
let received = 0;
let isMeasuring = false;
let onMessage: () => void = () => undefined;
let latencyOf: (payload: Buffer) => number = () => 0;
const latencies: number[] = [];

const next = Buffer.from('"type":"next"');
const at = Buffer.from('"at":');

function take(payload: Buffer): void {
  if (!payload.includes(next)) {
    const message = JSON.parse(payload.toString());
    if (message.type === 'connection_ack') acknowledged += 1;
    else if (message.type === 'ping') return;
    else throw new Error(payload.toString());
    return;
  }
  received += 1;
  if (isMeasuring) latencies.push(latencyOf(payload));
  onMessage();
}

/** When an event says that it happened, compared with now. */
function ageOf(payload: Buffer): number {
  const from = payload.indexOf(at) + at.length;
  const happenedAt = Number.parseFloat(payload.toString('latin1', from, from + 20));
  return performance.timeOrigin + performance.now() - happenedAt;
}

async function openSocket(index: number): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.includes('101 Switching')) throw new Error(head.toString());
  const reader = new FrameReader(take, (frame) => socket.write(frame));
  socket.on('data', (chunk) => reader.push(chunk));
  socket.on('close', () => {
    throw new Error('a socket was closed');
  });
  const before = acknowledged;
  socket.write(toTextFrame({ type: 'connection_init', payload: { authorization: `Bearer user${index}` } }));
  while (acknowledged === before) await delay(1);
  const frames = Array.from({ length: Number(each) }, (_, n) => {
    const variables = scenario === 'per user' ? { id: `${index}-${n}` } : {};
    return toTextFrame({ id: `${index}-${n}`, type: 'subscribe', payload: { query, variables } });
  });
  socket.write(Buffer.concat(frames));
}

async function ask(method: string, path: string): Promise<string> {
  const sent = request({ port: Number(control), host: '127.0.0.1', method, path, agent }).end();
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

/** Sends one event to everybody, and waits until everybody has it. */
async function round(): Promise<void> {
  const goal = received + total;
  const complete = new Promise<void>((resolve) => {
    onMessage = () => {
      if (received === goal) resolve();
    };
  });
  const sentAt = performance.now();
  latencyOf = () => performance.now() - sentAt;
  await Promise.all([ask('POST', '/tick'), complete]);
}

async function fanOut(durationMs: number): Promise<void> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < durationMs) await round();
}

/** Until an event reaches everybody, some are still being subscribed. */
async function untilSubscribed(): Promise<void> {
  if (scenario === 'per user') {
    while (Number(await ask('GET', '/open')) < total) await delay(50);
    return;
  }
  for (let reached = 0; reached < total; ) {
    const before = received;
    await ask('POST', '/tick');
    await delay(1_500);
    reached = received - before;
  }
}

const steps = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await steps.next();
for (let index = 0; index < Number(sockets); index++) await openSocket(index);
await untilSubscribed();
process.stdout.write('subscribed\n');
await steps.next();
/** Each change reaches one; what the last of them takes is waited for. */
async function perUser(length: number): Promise<void> {
  const goal = received + rate * length;
  latencyOf = ageOf;
  await ask('POST', `/changes?rate=${rate}&seconds=${length}`);
  while (received < goal) await delay(10);
  await delay(100);
  if (received !== goal) throw new Error(`${received - goal} messages more than events`);
}

const run = (length: number) => (scenario === 'per user' ? perUser(length) : fanOut(length * 1_000));
// Long enough to compile what is hot and to collect what ten thousand subscribe messages left behind.
await run(10);
const before = received;
isMeasuring = true;
const startedAt = performance.now();
await run(Number(seconds));
const elapsed = (performance.now() - startedAt) / 1000;
const sorted = Float64Array.from(latencies).sort();
const percentile = (share: number) => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
const result: LoadResult = {
  messagesPerSecond: Math.round((received - before) / elapsed),
  p50Ms: percentile(0.5),
  p99Ms: percentile(0.99),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
