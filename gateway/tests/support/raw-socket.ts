import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';

type Message = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly data?: Record<string, unknown>; readonly errors?: unknown[] } & unknown[];
};

/** A client that speaks the protocol by hand, and reads what comes in order. */
export class RawSocket implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.messages.push(JSON.parse(String(data)));
      this.#wake();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  static async open(url: string, options: ClientOptions & { protocol?: string } = {}): Promise<RawSocket> {
    const { protocol = 'graphql-transport-ws', ...rest } = options;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol, rest);
    const raw = new RawSocket(socket);
    await once(socket, 'open');
    return raw;
  }

  /** Opens a socket that has been acknowledged. */
  static async connect(url: string, token?: string): Promise<RawSocket> {
    const raw = await RawSocket.open(url);
    raw.send({ type: 'connection_init', ...(token && { payload: { authorization: `Bearer ${token}` } }) });
    await raw.next('connection_ack');
    return raw;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables: object = {}): void {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
  }

  /** Takes the next message, which must be of this type. */
  async next(type?: string): Promise<Message> {
    for (;;) {
      const message = this.messages.shift();
      if (message && type && message.type !== type) throw new Error(`unexpected: ${JSON.stringify(message)}`);
      if (message) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The data of the next `next` message. */
  async data(): Promise<unknown> {
    return (await this.next('next')).payload?.data;
  }

  /** Resolves when the gateway has taken everything that was sent so far; other messages stay. */
  async settle(): Promise<void> {
    this.send({ type: 'ping', payload: { settle: true } });
    for (;;) {
      const index = this.messages.findIndex(({ type }) => type === 'pong');
      if (index >= 0) {
        this.messages.splice(index, 1);
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}
