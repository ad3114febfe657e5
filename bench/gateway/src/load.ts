/**
 * A closed-loop load generator over plain sockets, small enough not to be what is measured: each connection sends its
 * next request when the answer to the last is complete. Usage: load.ts PORT PATH QUERY IDENTITIES CONNECTIONS SECONDS
 */
import { connect, type Socket } from 'node:net';
import { type QueryName, queries } from './queries.ts';

/** One run: what went through, how long it took, and how often the answer was not a success. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failures: number;
}

const [
  port = '',
  path = '/graphql',
  query = 'heavy',
  identities = 'distinct',
  connections = '50',
  seconds = '10',
] = process.argv.slice(2);
const body = JSON.stringify({ query: queries[query as QueryName], operationName: null });
const latencies: number[] = [];
let identity = 0;
let failures = 0;
let isStopping = false;

function nextRequest(): string {
  const caller = identities === 'distinct' ? `caller-${process.pid}-${identity++}` : 'caller';
  return [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    'accept: application/json',
    `authorization: Bearer ${caller}`,
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Follows one answer through the bytes of a connection. */
class AnswerReader {
  #head = Buffer.alloc(0);
  #remaining = -1;
  #tail = Buffer.alloc(0);
  isSuccess = false;

  /** Takes bytes; true when they complete the answer. */
  push(chunk: Buffer): boolean {
    if (this.#remaining >= 0) {
      this.#remaining -= chunk.length;
      return this.#remaining <= 0;
    }
    if (this.#tail.length > 0) return this.#endsChunks(chunk);
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf(HEAD_END);
    return (
      end >= 0 && this.#readHead(this.#head.subarray(0, end).toString('latin1'), this.#head.subarray(end + 4))
    );
  }

  #readHead(head: string, rest: Buffer): boolean {
    this.isSuccess = head.startsWith('HTTP/1.1 200');
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length !== undefined) {
      this.#remaining = Number(length) - rest.length;
      return this.#remaining <= 0;
    }
    this.#tail = Buffer.from('-');
    return this.#endsChunks(rest);
  }

  #endsChunks(chunk: Buffer): boolean {
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-LAST_CHUNK.length);
    return this.#tail.equals(LAST_CHUNK);
  }
}

function run(socket: Socket): void {
  let startedAt = 0;
  let reader = new AnswerReader();
  const send = () => {
    startedAt = performance.now();
    reader = new AnswerReader();
    socket.write(nextRequest());
  };
  socket.on('data', (chunk) => {
    if (!reader.push(chunk)) return;
    latencies.push(performance.now() - startedAt);
    if (!reader.isSuccess) failures += 1;
    if (isStopping) socket.destroy();
    else send();
  });
  socket.on('error', () => {
    failures += 1;
  });
  send();
}

const startedAt = performance.now();
for (let index = 0; index < Number(connections); index++) {
  const socket = connect(Number(port), '127.0.0.1', () => run(socket));
  socket.setNoDelay(true);
}
setTimeout(() => {
  isStopping = true;
  const elapsed = (performance.now() - startedAt) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
  const result: LoadResult = {
    requestsPerSecond: Math.round(sorted.length / elapsed),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failures,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}, Number(seconds) * 1000);
