import type { OutgoingHttpHeader, ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import type { RunningOperation } from '../../pipeline/pipeline.types.ts';
import { type Chunk, Outlet } from '../outlet.ts';
import type { Receiver, ResponseBytes } from '../stream/receiver.ts';
import { toStreamErrors } from '../stream/stream.errors.ts';

/** How responses stand in the body of an HTTP answer. */
export interface StreamFormat {
  readonly contentType: string;
  /** What the body begins with. */
  readonly start: Buffer;
  /** @param cursor what the client can resume after, where the event has one. */
  toPart(json: Buffer, cursor: string | undefined): Chunk;
  /** How an operation ends with errors. */
  toErrors(errors: readonly GraphQLFormattedError[]): Buffer;
  readonly end: Buffer;
  /** Keeps proxies from closing a quiet stream, and means nothing to clients. */
  readonly heartbeat: Buffer;
  readonly heartbeatMs: number;
}

type ResponseHeaders = Readonly<Record<string, OutgoingHttpHeader | undefined>>;

/** A client that has read nothing for this long is cut off. */
const stalledMs = 70_000;

/** The answer to one operation that goes on for as long as the operation does. */
export class HttpStream implements Receiver {
  readonly #response: ServerResponse;
  readonly #format: StreamFormat;
  readonly #outlet: Outlet<this>;
  readonly #heartbeat: NodeJS.Timeout;
  #running: RunningOperation | undefined;
  #isOver = false;

  /** @param headers what the answer says beside what streams do. */
  constructor(response: ServerResponse, headers: ResponseHeaders, format: StreamFormat) {
    this.#response = response;
    this.#format = format;
    this.#outlet = new Outlet(response, response.socket ?? response);
    response.writeHead(200, {
      ...headers,
      'content-type': format.contentType,
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    // A client that is gone is told of by `close`.
    response.on('error', () => undefined);
    response.once('close', () => this.#outlet.dispose());
    response.flushHeaders();
    if (format.start.length > 0) response.write(format.start);
    this.#heartbeat = setInterval(() => this.#beat(), format.heartbeatMs).unref();
  }

  /** Begins; the operation may be over before `begin` returns. */
  start(begin: (receiver: Receiver) => RunningOperation): void {
    const running = begin(this);
    this.#running = running;
    if (this.#isOver) running.close();
    else this.#response.once('close', () => this.#finish());
  }

  next({ json, isState, cursor }: ResponseBytes): void {
    if (this.#isOver) return;
    const part = this.#format.toPart(json, cursor);
    const isKept = this.#outlet.write(this, part, isState ? 'state' : 'event');
    if (!isKept) this.fail(toStreamErrors('LAGGED'));
  }

  flush(): void {
    this.#outlet.flush();
  }

  complete(): void {
    this.#end([]);
  }

  fail(errors: readonly GraphQLFormattedError[]): void {
    this.#end([this.#format.toErrors(errors)]);
  }

  /** The end comes after what still waits, if the client takes that in time. */
  #end(last: Chunk): void {
    if (this.#isOver) return;
    this.#finish();
    this.#outlet.write(this, [...last, this.#format.end], 'end');
    this.#outlet.flush();
    const late = setTimeout(() => this.#response.destroy(), stalledMs).unref();
    this.#response.once('close', () => clearTimeout(late));
    this.#outlet.whenEmpty(() => this.#response.end());
  }

  #beat(): void {
    if (this.#outlet.stalledMs > stalledMs) this.#response.destroy();
    else if (!this.#outlet.isCongested) this.#response.write(this.#format.heartbeat);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    this.#running?.close();
  }
}
