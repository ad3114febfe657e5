/** Maps an event stream. Unlike an async generator it ends at once when its reader leaves, also while it waits. */
export function mapEvents<In, Out>(
  source: AsyncIterableIterator<In>,
  map: (value: In) => Out,
): AsyncIterableIterator<Out> {
  const mapResult = (result: IteratorResult<In>): IteratorResult<Out> =>
    result.done ? { value: undefined, done: true } : { value: map(result.value), done: false };
  return {
    next: async () => mapResult(await source.next()),
    return: async () => {
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
