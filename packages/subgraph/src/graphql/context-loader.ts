import DataLoader from 'dataloader';
import type { SubgraphContext } from '../context.ts';

/**
 * A DataLoader per request: keys asked for in one turn become one batch.
 * @param batch finds values by keys; what it does not return becomes null.
 */
export function createContextLoader<Value>(
  batch: (keys: readonly string[], context: SubgraphContext) => Promise<ReadonlyMap<string, Value>>,
): (context: SubgraphContext) => DataLoader<string, Value | null> {
  const loaders = new WeakMap<SubgraphContext, DataLoader<string, Value | null>>();
  return (context) => {
    const known = loaders.get(context);
    if (known) return known;
    const loader = new DataLoader<string, Value | null>(async (keys) => {
      const values = await batch(keys, context);
      return keys.map((key) => values.get(key) ?? null);
    });
    loaders.set(context, loader);
    return loader;
  };
}
