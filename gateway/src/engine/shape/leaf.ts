import { type GraphQLLeafType, isEnumType } from 'graphql';

/** How a scalar or enum value is checked and written (result coercion, GraphQL §3.5 and §3.9). */
export interface Leaf {
  /** The value as it goes to the client; undefined when the subgraph sent what the type cannot hold. */
  complete(value: unknown): unknown;
  /** The same as JSON text. */
  write(value: unknown): string | undefined;
}

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

/** Anything that JSON escapes, or might. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what JSON escapes
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** JSON text of a string; two thirds of the time that `JSON.stringify` takes for the usual short text without escapes. */
function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

const stringLeaf: Leaf = {
  complete: (value) => (typeof value === 'string' ? value : undefined),
  write: (value) => (typeof value === 'string' ? quote(value) : undefined),
};

const idLeaf: Leaf = {
  complete: (value) => toId(value),
  write(value) {
    const id = toId(value);
    return id === undefined ? undefined : quote(id);
  },
};

const intLeaf: Leaf = {
  complete: (value) => (isInt(value) ? value : undefined),
  write: (value) => (isInt(value) ? String(value) : undefined),
};

const floatLeaf: Leaf = {
  complete: (value) => (typeof value === 'number' ? value : undefined),
  write: (value) => (typeof value === 'number' ? JSON.stringify(value) : undefined),
};

const booleanLeaf: Leaf = {
  complete: (value) => (typeof value === 'boolean' ? value : undefined),
  write: (value) => (typeof value === 'boolean' ? String(value) : undefined),
};

/** A custom scalar: its subgraph has serialised it, and any JSON value may be right. */
const customLeaf: Leaf = {
  complete: (value) => value,
  write: (value) => JSON.stringify(value),
};

const SPECIFIED: Readonly<Record<string, Leaf>> = {
  String: stringLeaf,
  ID: idLeaf,
  Int: intLeaf,
  Float: floatLeaf,
  Boolean: booleanLeaf,
};

export function leafOf(type: GraphQLLeafType): Leaf {
  if (!isEnumType(type)) return SPECIFIED[type.name] ?? customLeaf;
  const texts = new Map(type.getValues().map(({ name }) => [name as unknown, JSON.stringify(name)]));
  return {
    complete: (value) => (texts.has(value) ? value : undefined),
    write: (value) => texts.get(value),
  };
}

function toId(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : undefined;
}

function isInt(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value <= MAX_INT && value >= MIN_INT;
}
