import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { AppError } from '@suvidha/errors';
import {
  type ConnectionInitMessage,
  type Message,
  MessageType,
  type PingMessage,
  parseMessage,
  type SubscribeMessage,
} from 'graphql-ws';
import type { WebSocket } from 'ws';
import { anonymousClient, type ClientIdentity } from '../../auth/client-identity.ts';
import type { ReadClientInfo } from '../../auth/client-info.ts';
import type { Identify } from '../../auth/identify.ts';
import { Lease, type LeaseEnd } from '../../auth/lease.ts';
import type { Trust } from '../../auth/trust.ts';
import type { Pipeline } from '../../pipeline/pipeline.types.ts';
import { Outlet } from '../outlet.ts';
import { toStreamErrors } from '../stream/stream.errors.ts';
import { type Closing, closings } from './close.codes.ts';
import { toFrame } from './message.frame.ts';
import { type OperationOwner, SocketOperation } from './socket.operation.ts';

/** How a new connection becomes a client. */
export interface SocketAdmission {
  readonly identify: Identify;
  readonly readClient: ReadClientInfo;
  readonly trust: Trust;
}

export interface SocketLimits {
  /** How long a client may take to send `connection_init`, in milliseconds. */
  readonly initTimeoutMs: number;
  readonly pingIntervalMs: number;
  /** A client that has said nothing, not even pong, or has read nothing for this long is cut off. */
  readonly silenceMs: number;
  /** Operations that one connection may have at a time. */
  readonly maxOperations: number;
  /** Characters of the messages that its operations came in: they are held for as long as the operations run. */
  readonly maxOperationsText: number;
  /** Messages of one connection that are read in a second; the others wait. */
  readonly maxMessagesPerSecond: number;
}

export interface SocketParts {
  readonly pipeline: Pipeline;
  readonly admission: SocketAdmission;
  readonly limits: SocketLimits;
}

type State = 'NEW' | 'INITIALISING' | 'ACKNOWLEDGED' | 'CLOSED';

/** Longer ids are an attack: clients send counters or UUIDs. */
const maxIdLength = 255;

/** One connection that speaks `graphql-transport-ws`. */
export class SocketConnection implements OperationOwner {
  readonly #socket: WebSocket;
  readonly #request: IncomingMessage;
  readonly #parts: SocketParts;
  readonly outlet: Outlet<SocketOperation | null>;
  readonly #operations = new Map<string, SocketOperation>();
  readonly #initTimer: NodeJS.Timeout;
  #state: State = 'NEW';
  #lease: Lease | undefined;
  #heardAt = performance.now();
  #pingedAt: number;
  #messages = 0;
  #operationsText = 0;

  /** @param wire the connection below the socket. */
  constructor(socket: WebSocket, wire: Writable, request: IncomingMessage, parts: SocketParts) {
    this.#socket = socket;
    this.#request = request;
    this.#parts = parts;
    this.outlet = new Outlet(wire);
    // Those that come together, after a restart say, shall not be pinged together from then on.
    this.#pingedAt = performance.now() - Math.random() * parts.limits.pingIntervalMs;
    this.#initTimer = setTimeout(() => this.#close(closings.initTimeout), parts.limits.initTimeoutMs).unref();
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('pong', () => this.#hear());
    socket.on('close', () => this.#onClose());
  }

  /**
   * Called every second: keeps the connection alive, and cuts it off when nobody is there.
   * @param now as `performance.now()` says it: a clock that is set must not end connections.
   */
  check(now: number): void {
    const { pingIntervalMs, silenceMs } = this.#parts.limits;
    this.#messages = 0;
    if (this.#socket.isPaused && this.outlet.isEmpty) this.#resume();
    const isSilent = !this.#socket.isPaused && now - this.#heardAt > silenceMs;
    if (isSilent || this.outlet.stalledMs > silenceMs) {
      this.#socket.terminate();
    } else if (now - this.#pingedAt >= pingIntervalMs && !this.outlet.isCongested) {
      this.#pingedAt = now;
      this.#socket.ping();
    }
  }

  #onMessage(data: unknown, isBinary: boolean): void {
    this.#hear();
    if (this.#state === 'CLOSED') return;
    this.#pace();
    const text = isBinary ? '' : String(data);
    const message = readMessage(text);
    if (message) this.#take(message, text.length);
    else this.#close(closings.badMessage);
  }

  /** What a client sends faster than it may, or while answers wait for it to read, waits in its own buffers. */
  #pace(): void {
    this.#messages += 1;
    const isTooFast = this.#messages >= this.#parts.limits.maxMessagesPerSecond;
    if (!isTooFast && this.outlet.isEmpty) return;
    this.#socket.pause();
    if (!isTooFast) this.outlet.whenEmpty(() => this.#resume());
  }

  /** Nobody could be heard meanwhile, so silence begins anew. */
  #resume(): void {
    this.#socket.resume();
    this.#hear();
  }

  #take(message: Message, textLength: number): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        this.#run(this.#init(message));
        return;
      case MessageType.Ping:
        this.#run(this.#answerPing(message));
        return;
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        this.#subscribe(message, textLength);
        return;
      case MessageType.Complete:
        this.#operations.get(message.id)?.close();
        return;
      default:
        this.#close(closings.badMessage);
    }
  }

  /** What cannot be answered, such as a payload that is too deep to be written again, is a bad message. */
  #run(work: Promise<void>): void {
    work.catch(() => this.#close(closings.badMessage));
  }

  async #init({ payload }: ConnectionInitMessage): Promise<void> {
    if (this.#state !== 'NEW') return this.#close(closings.initTwice);
    this.#state = 'INITIALISING';
    const token =
      payload?.authorization ?? payload?.Authorization ?? this.#request.headers.authorization ?? undefined;
    const identity = await this.#identify(token);
    if (!identity || this.#isClosed()) return;
    clearTimeout(this.#initTimer);
    this.#lease = new Lease(identity, this.#parts.admission.trust, (why) => this.#onLeaseEnd(why));
    if (this.#isClosed()) return;
    this.#state = 'ACKNOWLEDGED';
    this.#send({ type: MessageType.ConnectionAck });
  }

  /** Who a token stands for; null closes the connection. */
  async #identify(authorization: unknown): Promise<ClientIdentity | null> {
    const { identify, readClient } = this.#parts.admission;
    try {
      const identity = await identify(authorization);
      return { ...identity, client: readClient(this.#request) };
    } catch (error) {
      this.#close(toClosing(error));
      return null;
    }
  }

  #subscribe({ id, payload }: SubscribeMessage, textLength: number): void {
    const refusal = this.#findRefusal(id);
    if (refusal) {
      this.#close(refusal);
      return;
    }
    const operation = new SocketOperation(id, textLength, this);
    const { maxOperations, maxOperationsText } = this.#parts.limits;
    if (this.#operations.size >= maxOperations || this.#operationsText + textLength > maxOperationsText) {
      operation.fail(toStreamErrors('TOO_MANY_SUBSCRIPTIONS'));
      return;
    }
    this.#operations.set(id, operation);
    this.#operationsText += textLength;
    const { query, operationName, variables } = payload;
    const params = { query, operationName: operationName ?? undefined, variables: variables ?? {} };
    const caller = { identity: this.#lease?.identity ?? anonymousClient, requestId: randomUUID() };
    operation.start((receiver) => this.#parts.pipeline.open(params, caller, receiver));
  }

  release({ id, textLength }: SocketOperation): void {
    if (this.#operations.delete(id)) this.#operationsText -= textLength;
  }

  #findRefusal(id: string): Closing | undefined {
    if (this.#state !== 'ACKNOWLEDGED') return closings.notAcknowledged;
    if (id.length > maxIdLength) return closings.badMessage;
    return this.#operations.has(id) ? closings.idInUse(id) : undefined;
  }

  /** A ping may bring a newer token; any other payload goes back as it came. */
  async #answerPing({ payload }: PingMessage): Promise<void> {
    const token = payload?.accessToken;
    if (token === undefined || this.#state !== 'ACKNOWLEDGED')
      return this.#send({ type: MessageType.Pong, ...(payload && { payload }) });
    const identity = await this.#identify(typeof token === 'string' ? `Bearer ${token}` : token);
    if (!identity || this.#isClosed()) return;
    if (!this.#lease?.renew(identity)) return this.#close(closings.otherPerson);
    for (const operation of [...this.#operations.values()]) operation.identify(identity);
    this.#send({ type: MessageType.Pong, payload: { accessTokenExpiresAt: identity.expiresAt } });
  }

  #send(message: object): void {
    if (this.#isClosed()) return;
    this.outlet.write(null, toFrame(message), 'end');
    this.outlet.flush();
  }

  #onLeaseEnd(why: LeaseEnd): void {
    this.#close(why === 'TOKEN_EXPIRED' ? closings.tokenExpired : closings.sessionRevoked);
  }

  #close({ code, reason }: Closing): void {
    this.#release();
    this.outlet.flush();
    this.#socket.close(code, reason);
  }

  #onClose(): void {
    this.#release();
  }

  /** Ends everything that runs for the client; what waits for it is forgotten. */
  #release(): void {
    this.#state = 'CLOSED';
    clearTimeout(this.#initTimer);
    this.#lease?.end();
    for (const operation of [...this.#operations.values()]) operation.close();
  }

  #isClosed(): boolean {
    return this.#state === 'CLOSED';
  }

  #hear(): void {
    this.#heardAt = performance.now();
  }
}

function readMessage(text: string): Message | null {
  try {
    return parseMessage(text);
  } catch {
    return null;
  }
}

/** A token that cannot be checked now is no bad token: the client comes back. */
function toClosing(error: unknown): Closing {
  if (!(error instanceof AppError)) return closings.fault;
  return error.code === 'UNAUTHENTICATED' ? closings.badToken : closings.tryAgain;
}
