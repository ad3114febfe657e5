import { isDeepStrictEqual } from 'node:util';
import { type DocumentNode, type GraphQLFormattedError, Kind, type SelectionSetNode, visit } from 'graphql';
import type { EngineResult } from '../../../src/engine/index.ts';
import type { StockResult } from './stock.ts';

/** What is compared of an error: its words, and its path as text. */
interface Told {
  readonly message: string;
  readonly path: string;
}

/**
 * The errors of both sides without what `exceptions.md` lists: each listed deviation is recognised by what the stock
 * executor does and must still be matched by an error of ours at a place that fits.
 */
export function comparableErrors(ours: EngineResult, theirs: StockResult): { ours: Told[]; theirs: Told[] } {
  const hasFaults = theirs.errors.length > 0;
  if (!hasFaults) {
    const known = (ours.errors ?? []).filter((error) => !isUnknownType(error));
    const told = { ours: tellPaths(known), theirs: tellPaths(theirs.completions) };
    const isEqual = isDeepStrictEqual(told.ours, told.theirs);
    return isEqual
      ? told
      : { ours: tellPaths(known.map(toParent)), theirs: tellPaths(theirs.completions.map(toParent)) };
  }
  const remaining = (ours.errors ?? []).filter((error) => !isCompletion(error));
  const exact = theirs.errors.filter((error) => !isMisplaced(error));
  const misplaced = theirs.errors.filter(isMisplaced);
  const unmatched = misplaced.filter((error) => !remaining.some((candidate) => fits(candidate, error)));
  const rest = remaining.filter((candidate) => !misplaced.some((error) => fits(candidate, error)));
  const told = { ours: tell(rest), theirs: tell([...exact, ...unmatched]) };
  const mayBeMisnumbered =
    told.ours.length === told.theirs.length && !isDeepStrictEqual(told.ours, told.theirs);
  return mayBeMisnumbered ? withoutPositions(rest, [...exact, ...unmatched]) : told;
}

/**
 * Exception 7: the stock executor counts the entities of a list as if all had been asked for, so that an index is wrong
 * when some had not. Our own indices are held against the data instead (see `findPointless`).
 */
function withoutPositions(ours: readonly GraphQLFormattedError[], theirs: readonly GraphQLFormattedError[]) {
  const blur = ({ path, ...error }: GraphQLFormattedError): GraphQLFormattedError => ({
    ...error,
    ...(path && { path: path.map((step) => (typeof step === 'number' ? '#' : step)) }),
  });
  return { ours: tell(ours.map(blur)), theirs: tell(theirs.map(blur)) };
}

/**
 * Errors of ours whose path leads to a scalar, or past the end of a list: an error belongs where a value is missing, or
 * to a composite that lacks some.
 */
export function findPointless({ data, errors = [] }: EngineResult): GraphQLFormattedError[] {
  return errors.filter(({ path }) => {
    let value: unknown = data;
    for (const step of path ?? []) {
      if (typeof value !== 'object' || value === null) return false;
      if (Array.isArray(value) && !(step in value)) return true;
      value = (value as Record<string | number, unknown>)[step];
    }
    return typeof value !== 'object' && value !== undefined;
  });
}

/** Exception 2 and 3: a failed fetch without a path, and the path of a list of entities instead of that of a field. */
function isMisplaced({ path }: GraphQLFormattedError): boolean {
  return !path || path.includes('_entities');
}

function fits(candidate: GraphQLFormattedError, misplaced: GraphQLFormattedError): boolean {
  if (!misplaced.path) return candidate.extensions?.code === 'UPSTREAM_UNAVAILABLE';
  if (candidate.message !== misplaced.message) return false;
  const prefix = misplaced.path.slice(0, misplaced.path.indexOf('_entities'));
  return prefix.every((step, index) => matches(candidate.path?.[index], step));
}

function matches(step: string | number | undefined, pattern: string | number): boolean {
  return pattern === '@' ? typeof step === 'number' : step === pattern;
}

/** Exception 4: nulls in non-null places are dropped by the stock executor when there is any other error. */
function isCompletion({ extensions }: GraphQLFormattedError): boolean {
  return typeof extensions?.reason === 'string' && extensions.code === 'INTERNAL_SERVER_ERROR';
}

/** Which of several nulls in one object is met first is free: all of them null the same object. */
function toParent(error: GraphQLFormattedError): GraphQLFormattedError {
  return { ...error, path: error.path?.slice(0, -1) ?? [] };
}

/** Exception 6: without any word, the stock executor nulls an object whose `__typename` is asked for and unknown. */
function isUnknownType({ extensions }: GraphQLFormattedError): boolean {
  return extensions?.reason === 'UNKNOWN_TYPE';
}

function tell(errors: readonly GraphQLFormattedError[]): Told[] {
  return unique(errors.map(({ message, path }) => ({ message, path: path?.join('.') ?? '' })));
}

function tellPaths(errors: readonly GraphQLFormattedError[]): Told[] {
  return unique(errors.map(({ path }) => ({ message: '', path: path?.join('.') ?? '' })));
}

function unique(told: readonly Told[]): Told[] {
  const byText = new Map(told.map((one) => [`${one.path} ${one.message}`, one]));
  return [...byText.keys()].sort().map((key) => byText.get(key)!);
}

/** Exception 1: the operation with `__typename` everywhere, which keeps the stock executor from losing an object's type. */
export function withTypenames(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: (node): SelectionSetNode => ({
      ...node,
      selections: [...node.selections, { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
    }),
  });
}

/** The value without `__typename` where the other one has none. */
export function withoutExtraTypenames(value: unknown, like: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element, index) =>
      withoutExtraTypenames(element, Array.isArray(like) ? like[index] : undefined),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const model = typeof like === 'object' && like !== null ? (like as Record<string, unknown>) : {};
  const members = Object.entries(value).filter(
    ([name]) => name !== '__typename' || Object.hasOwn(model, name),
  );
  return Object.fromEntries(members.map(([name, one]) => [name, withoutExtraTypenames(one, model[name])]));
}
