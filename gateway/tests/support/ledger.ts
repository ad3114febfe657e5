import { GraphQLError } from 'graphql';

/** A stream that a test feeds: ends at once when its reader leaves, and counts as open until then. */
class Feed<T> implements AsyncIterableIterator<T> {
  readonly #items: T[] = [];
  readonly #onEnd: () => void;
  #wake: (() => void) | undefined;
  #error: Error | undefined;
  #isDone = false;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  break(error: Error): void {
    this.#error = error;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined && !this.#isDone) return { value: item, done: false };
      if (this.#isDone) return { value: undefined, done: true };
      if (this.#error) {
        this.#end();
        throw this.#error;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<T>> {
    this.#end();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#onEnd();
    this.#wake?.();
  }
}

export interface Opened {
  readonly field: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Who the subgraph was told has subscribed. */
  readonly by: string;
}

interface Status {
  readonly cursor: string;
  readonly status: string;
  readonly account: { readonly id: string };
}

/** What a subgraph with status streams knows; a test changes it, and sees who watches. */
export class Ledger {
  /** Every stream that was ever opened, in order. */
  readonly opened: Opened[] = [];
  readonly #log = new Map<string, Status[]>();
  readonly #watchers = new Map<string, Set<Feed<object>>>();

  /** Streams that are open now. */
  get open(): number {
    return [...this.#watchers.values()].reduce((sum, feeds) => sum + feeds.size, 0);
  }

  /** Changes the status of an account, and tells who watches unless the push is `lost`. */
  change(accountId: string, status: string, { isLost = false } = {}): void {
    const log = this.#log.get(accountId) ?? [];
    const version = Number(log.at(-1)?.cursor ?? 0) + 1;
    const event = { cursor: String(version), status, account: { id: accountId } };
    this.#log.set(accountId, [...log.slice(-20), event]);
    if (!isLost) this.#push(`status ${accountId}`, { statusChanged: event });
  }

  setPrice(value: number): void {
    this.#push('price', { priceChanged: { value, account: { id: '7' } } });
  }

  addNote(text: string): void {
    this.#push('note', { noteAdded: { text, account: { id: '7' } } });
  }

  /** Breaks the streams of an account from within, as a fault in the subgraph does. */
  break(accountId: string): void {
    for (const feed of [...(this.#watchers.get(`status ${accountId}`) ?? [])])
      feed.break(new Error('password=secret'));
  }

  watchStatus(args: { accountId: string; after?: string | null }, by: string): AsyncIterableIterator<object> {
    if (args.accountId === 'foreign')
      throw new GraphQLError('There is no such account.', { extensions: { code: 'NOT_FOUND' } });
    const feed = this.#openFeed('statusChanged', `status ${args.accountId}`, args, by);
    const log = this.#log.get(args.accountId) ?? [];
    const missed = args.after
      ? log.filter(({ cursor }) => Number(cursor) > Number(args.after))
      : log.slice(-1);
    for (const event of missed) feed.push({ statusChanged: event });
    return feed;
  }

  watchPrice(by: string): AsyncIterableIterator<object> {
    return this.#openFeed('priceChanged', 'price', {}, by);
  }

  watchNotes(by: string): AsyncIterableIterator<object> {
    return this.#openFeed('noteAdded', 'note', {}, by);
  }

  #push(topic: string, item: object): void {
    for (const feed of this.#watchers.get(topic) ?? []) feed.push(item);
  }

  #openFeed(field: string, topic: string, args: object, by: string): Feed<object> {
    this.opened.push({ field, args: { ...args }, by });
    const feeds = this.#watchers.get(topic) ?? new Set();
    const feed = new Feed<object>(() => feeds.delete(feed));
    this.#watchers.set(topic, feeds.add(feed));
    return feed;
  }
}
