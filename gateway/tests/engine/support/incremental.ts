import type { GraphQLFormattedError } from 'graphql';

type Path = readonly (string | number)[];

/** A payload of an answer in parts. */
export interface Payload {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly incremental?: readonly Increment[];
  readonly hasNext: boolean;
}

export interface Increment {
  readonly label?: string;
  readonly path: Path;
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** What a client has once all parts are there. */
export interface Assembled {
  readonly data: unknown;
  readonly errors: readonly GraphQLFormattedError[];
  /** Where a deferred part could not be completed. */
  readonly lost: readonly Path[];
}

/** Puts the parts together as clients do. Throws when a part belongs to nothing that came before it. */
export function assemble([first, ...rest]: readonly Payload[]): Assembled {
  const root = { data: structuredClone(first?.data) as unknown };
  const errors = [...(first?.errors ?? [])];
  const lost: Path[] = [];
  for (const { path, data, errors: more = [] } of rest.flatMap(({ incremental = [] }) => incremental)) {
    errors.push(...more);
    const target = valueAt(root.data, path);
    if (typeof target !== 'object' || target === null)
      throw new Error(`Nothing to add to at ${path.join('.')}`);
    if (data === null) lost.push(path);
    else mergeAll(target as Record<string, unknown>, data);
  }
  return { data: root.data, errors, lost };
}

/** Fields that several parts show are merged; an object that is null in one of them is null in the whole answer. */
function mergeAll(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(source)) {
    const known = Object.hasOwn(target, name) ? target[name] : undefined;
    const merged = known === undefined ? value : merge(known, value);
    Object.defineProperty(target, name, {
      value: merged,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}

function merge(known: unknown, value: unknown): unknown {
  if (known === null || value === null) return null;
  if (Array.isArray(known) && Array.isArray(value))
    return known.map((one, index) => merge(one, value[index]));
  if (typeof known !== 'object' || typeof value !== 'object') return value;
  mergeAll(known as Record<string, unknown>, value as Record<string, unknown>);
  return known;
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** Nulls stay within a deferred part, but go on upwards in a whole answer: what of it is null at or above a lost part is made null here too. */
export function spreadLosses({ data, lost }: Assembled, whole: unknown): unknown {
  const root = { data: structuredClone(data) };
  for (const path of lost) {
    const full: Path = ['data', ...path];
    const depth = full.findIndex((_, index) => valueAt({ data: whole }, full.slice(0, index + 1)) === null);
    if (depth < 0) throw new Error(`The part at ${path.join('.')} is lost, and the whole answer has it`);
    const parent = valueAt(root, full.slice(0, depth)) as Record<string | number, unknown> | null | undefined;
    if (parent) parent[full[depth]!] = null;
  }
  return root.data;
}

/** Null in both where it is null in one: what may be compared where one side could not ask for what the other has. */
export function withCommonNulls(value: unknown, other: unknown): unknown {
  if (value === null || other === null) return null;
  if (Array.isArray(value))
    return value.map((element, index) =>
      withCommonNulls(element, Array.isArray(other) ? other[index] : undefined),
    );
  if (typeof value !== 'object') return value;
  const model = new Map(typeof other === 'object' ? Object.entries(other) : []);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withCommonNulls(one, model.get(name))]),
  );
}

/** Errors as text, each once. Those without a path are about a fetch that brought nothing which is shown, and plans differ in these. */
export function tellErrors(errors: readonly GraphQLFormattedError[] = []): Map<string, Path> {
  const placed = errors.filter(({ path }) => path !== undefined);
  return new Map(
    placed.map(({ path = [], message, extensions }) => {
      // Which of several nulls in one object is met first is free.
      const isNull = extensions?.reason === 'NULL_FOR_NON_NULL';
      const at = isNull ? path.slice(0, -1) : path;
      return [`${at.join('.')}: ${isNull ? 'null' : message}`, path];
    }),
  );
}

/**
 * Errors of one side that the other lacks. Within an object that is null it is enough that the other side has one
 * error there: a deferred part of it is not waited for, and what it would have told is not known.
 */
export function findMissing(ours: Map<string, Path>, theirs: Map<string, Path>, whole: unknown): string[] {
  const missing = [...ours].filter(([text]) => !theirs.has(text));
  return missing
    .filter(([, path]) => {
      const full: Path = ['data', ...path];
      const depth = full
        .slice(0, -1)
        .findIndex((_, index) => valueAt({ data: whole }, full.slice(0, index + 1)) === null);
      if (depth < 0) return true;
      const nulled = full.slice(1, depth + 1);
      return ![...theirs.values()].some((other) => nulled.every((step, index) => other[index] === step));
    })
    .map(([text]) => text);
}
