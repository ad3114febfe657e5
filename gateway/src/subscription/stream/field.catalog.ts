import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql';

/** What the schema says about one subscription field beyond its type. */
export interface SubscriptionField {
  /**
   * Declared with `@tag(name: "shareable")`: everybody who may subscribe gets the same events, so that one upstream may
   * serve different people.
   */
  readonly isShareable: boolean;
  /**
   * The type of its argument `after`, when it is a status stream: it takes `after`, and its events have a `cursor` to
   * resume from. Undefined: its events come once or never.
   */
  readonly cursorType: string | undefined;
}

/** The subscription fields of a supergraph. */
export interface FieldCatalog {
  find(fieldName: string): SubscriptionField;
}

const unknownField: SubscriptionField = { isShareable: false, cursorType: undefined };

/** Types in which a cursor can be handed back as it came. */
const cursorTypes = new Set(['String', 'ID']);

/** @param rootName name of the subscription root type; undefined when the graph has none. */
export function readFieldCatalog(supergraphSdl: string, rootName: string | undefined): FieldCatalog {
  const types = indexTypes(parse(supergraphSdl, { noLocation: true }));
  const root = rootName === undefined ? undefined : types.get(rootName);
  const fields = new Map<string, SubscriptionField>();
  for (const field of root?.fields ?? [])
    fields.set(field.name.value, {
      isShareable: hasTag(field, 'shareable'),
      cursorType: root && cursorTypeOf(types, root, field),
    });
  return { find: (name) => fields.get(name) ?? unknownField };
}

function indexTypes({ definitions }: DocumentNode): Map<string, ObjectTypeDefinitionNode> {
  const types = new Map<string, ObjectTypeDefinitionNode>();
  for (const node of definitions)
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION) types.set(node.name.value, node);
  return types;
}

function hasTag({ directives = [] }: FieldDefinitionNode, tag: string): boolean {
  return directives.some(
    (directive) => directive.name.value === 'tag' && readText(directive, 'name') === tag,
  );
}

/** The events must have their cursor from the subgraph that sends them: nobody else could be asked before them. */
function cursorTypeOf(
  types: ReadonlyMap<string, ObjectTypeDefinitionNode>,
  root: ObjectTypeDefinitionNode,
  field: FieldDefinitionNode,
): string | undefined {
  const after = field.arguments?.find(({ name }) => name.value === 'after');
  if (after?.type.kind !== Kind.NAMED_TYPE || !cursorTypes.has(after.type.name.value)) return undefined;
  const event = types.get(namedType(field.type));
  const cursor = event?.fields?.find(({ name }) => name.value === 'cursor');
  if (!event || !cursor || (cursor.arguments?.length ?? 0) > 0) return undefined;
  if (!cursorTypes.has(namedType(cursor.type))) return undefined;
  const sources = graphsOf(event, cursor);
  const isThere = graphsOf(root, field).every((graph) => sources.includes(graph));
  return isThere ? after.type.name.value : undefined;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/** The subgraphs that resolve a field, as the join specification says it. */
function graphsOf(type: ObjectTypeDefinitionNode, { directives = [] }: FieldDefinitionNode): string[] {
  const own = directives.filter(({ name }) => name.value === 'join__field');
  const places = own.some((directive) => readText(directive, 'graph')) ? own : (type.directives ?? []);
  return places
    .filter(({ name, arguments: args = [] }) => {
      const isExternal = args.some((arg) => arg.name.value === 'external');
      return (name.value === 'join__field' || name.value === 'join__type') && !isExternal;
    })
    .map((directive) => readText(directive, 'graph') ?? '');
}

function readText({ arguments: args = [] }: ConstDirectiveNode, name: string): string | undefined {
  const value = args.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
