/** Sees a content pass by, and may refuse it by throwing. */
export interface ContentObserver {
  push(bytes: Buffer): void | Promise<void>;
  /** Called once after the last bytes, before the content counts as whole. */
  end(): void | Promise<void>;
}

/** Passes a content on, piece by piece, after each observer has seen the piece; ends when each agrees to the whole. */
export async function* observe(
  content: AsyncIterable<Buffer>,
  observers: readonly ContentObserver[],
): AsyncGenerator<Buffer> {
  for await (const bytes of content) {
    for (const observer of observers) await observer.push(bytes);
    yield bytes;
  }
  for (const observer of observers) await observer.end();
}
