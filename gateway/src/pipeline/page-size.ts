import { type FieldNode, type GraphQLField, Kind, type ValueNode } from 'graphql';

/** Items on one page at most, in every connection of our graph: what a variable may stand for. */
const LARGEST_PAGE = 100;
const PAGE_ARGUMENTS: ReadonlySet<string> = new Set(['first', 'last']);

/**
 * How many items the page of a connection field may hold, by its arguments `first` and `last` or what the schema gives
 * them when they are left out; 1 for a field without pages.
 */
export function pageSizeOf(
  { arguments: given = [] }: FieldNode,
  field: GraphQLField<unknown, unknown> | undefined,
): number {
  const asked = given.filter(({ name }) => PAGE_ARGUMENTS.has(name.value)).map(({ value }) => sizeOf(value));
  if (asked.length > 0) return Math.max(1, ...asked);
  const [byDefault] = field?.args.filter(({ name }) => PAGE_ARGUMENTS.has(name)) ?? [];
  return typeof byDefault?.defaultValue === 'number' ? byDefault.defaultValue : 1;
}

function sizeOf(value: ValueNode): number {
  if (value.kind === Kind.VARIABLE) return LARGEST_PAGE;
  return value.kind === Kind.INT ? Number(value.value) : 1;
}
