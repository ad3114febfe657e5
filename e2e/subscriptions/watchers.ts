import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const query = `subscription ($id: ID!, $after: String) {
  paymentStatusChanged(paymentId: $id, after: $after) { cursor status settlement } }`;

interface StatusEvent {
  readonly cursor: string;
  readonly status: string;
  readonly settlement: string;
}

/** Between a loss and the next attempt, as a client of ours should do it: a moment, and not all at once. */
const retryMs = () => 200 + Math.random() * 800;

/** One app that watches one payment over a connection of its own, and comes back with its last cursor. */
class Watcher {
  readonly seen: StatusEvent[] = [];
  readonly #client: Client;
  readonly #paymentId: string;
  #isOver = false;

  constructor(url: string, accessToken: string, paymentId: string) {
    this.#paymentId = paymentId;
    this.#client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${accessToken}` },
    });
    this.#watch();
  }

  get state(): string {
    const last = this.seen.at(-1);
    return last ? `${last.status} ${last.settlement}` : 'nothing';
  }

  async dispose(): Promise<void> {
    this.#isOver = true;
    await this.#client.dispose();
  }

  #watch(): void {
    if (this.#isOver) return;
    const again = () => setTimeout(() => this.#watch(), retryMs()).unref();
    const variables = { id: this.#paymentId, after: this.seen.at(-1)?.cursor };
    this.#client.subscribe<{ paymentStatusChanged: StatusEvent }>(
      { query, variables },
      {
        next: ({ data }) => {
          if (data) this.seen.push(data.paymentStatusChanged);
        },
        error: again,
        complete: again,
      },
    );
  }
}

/** Many apps that watch the same few payments. */
export class Watchers implements AsyncDisposable {
  readonly #watchers: Watcher[];

  constructor(url: string, accessToken: string, paymentIds: readonly string[], count: number) {
    this.#watchers = Array.from(
      { length: count },
      (_, index) => new Watcher(url, accessToken, paymentIds[index % paymentIds.length] ?? ''),
    );
  }

  /** How many are in each state. */
  get states(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { state } of this.#watchers) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  /** The events that one of them got twice or in the wrong order, over all its connections. */
  get disorder(): readonly string[] {
    return this.#watchers.flatMap(({ seen }) =>
      seen.flatMap(({ cursor }, index) => {
        const before = seen[index - 1];
        return before && Number(cursor) <= Number(before.cursor) ? [`${before.cursor}, ${cursor}`] : [];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#watchers.map((watcher) => watcher.dispose()));
  }
}
