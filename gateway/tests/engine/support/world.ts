import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { SubgraphRequest, SubgraphResponse } from '../../../src/engine/index.ts';
import type { ComposedFixture } from './composition.ts';
import { digest } from './digest.ts';

/** What goes wrong in a world, in parts per thousand of the fields; `dead` subgraphs refuse every call. */
export interface Trouble {
  readonly seed: number;
  readonly errors: number;
  readonly nulls: number;
  readonly dead: ReadonlySet<string>;
  /** Whether every entity is found by its keys: for comparing plans that look up different ones. */
  readonly hasAllEntities?: boolean;
}

/** An object of the world. Entities are `Type:number`, so that every subgraph agrees on what one is. */
interface Thing {
  readonly __typename: string;
  readonly id: string;
  /** The representation it was asked for with. */
  readonly ref?: Readonly<Record<string, unknown>>;
}

export interface World {
  readonly fixture: ComposedFixture;
  /** Answers as the subgraph would, out of made-up data that depends on the thing, the field and its arguments alone. */
  ask(
    subgraph: string,
    request: Pick<SubgraphRequest, 'query' | 'variables'>,
    trouble: Trouble,
  ): Promise<SubgraphResponse>;
}

const WORLD_SIZE = 4;
const ENTITY_ID = /^\w+:\d$/;

export function createWorld(fixture: ComposedFixture, apiSchema: GraphQLSchema): World {
  const subgraphs = new Map(
    [...fixture.typeDefs].map(([name, typeDefs]) => [name, createSubgraph(name, typeDefs, apiSchema)]),
  );
  const documents = new Map<string, DocumentNode>();
  return {
    fixture,
    async ask(subgraph, { query, variables }, trouble) {
      const document = documents.get(query) ?? parse(query, { noLocation: true });
      if (documents.size > 5000) documents.clear();
      documents.set(query, document);
      const { schema, fieldResolver } = subgraphs.get(subgraph)!;
      const result = await execute({
        schema,
        document,
        variableValues: variables,
        contextValue: trouble,
        fieldResolver,
      });
      return JSON.parse(JSON.stringify(result));
    },
  };
}

type Resolver = GraphQLFieldResolver<Thing | undefined, Trouble>;

function createSubgraph(name: string, typeDefs: DocumentNode, apiSchema: GraphQLSchema) {
  const annotations = readAnnotations(typeDefs);
  const schema = buildSubgraphSchema({
    typeDefs,
    resolvers: referenceResolvers(typeDefs, apiSchema, name) as never,
  });
  const fieldResolver: Resolver = (parent, args, trouble, info) => {
    if (info.fieldName === '_service') return null;
    const parentType = info.parentType.name;
    // The query type is the same wherever it is met: at the root, or as a field of a mutation's payload.
    const id = parentType === 'Query' ? parentType : (parent?.id ?? parentType);
    const annotation = annotations.get(`${parentType}.${info.fieldName}`);
    if (annotation?.isKey && isScalarLike(info.returnType)) return id;
    if (annotation?.isExternal && parent?.ref && info.fieldName in parent.ref) {
      return toThings(parent.ref[info.fieldName], info.returnType);
    }
    const scene = annotation?.isShareable || annotation?.isExternal ? 'everywhere' : name;
    misfortune(trouble, isNonNullType(info.returnType), scene, parentType, id, info.fieldName);
    const luck = digest(trouble.seed, 'null', scene, parentType, id, info.fieldName) % 1000;
    if (luck < trouble.nulls && !isNonNullType(info.returnType)) return null;
    const required = annotation?.requires.map((field) => JSON.stringify(parent?.ref?.[field])) ?? [];
    const place = [
      parentType === 'Mutation' ? parentType : id,
      info.fieldName,
      JSON.stringify(args),
      ...required,
    ];
    return makeUp({ schema, apiSchema, trouble }, info.returnType, place.join('/'));
  };
  return { schema, fieldResolver: fieldResolver as GraphQLFieldResolver<unknown, unknown> };
}

function misfortune(trouble: Trouble, isNonNull: boolean, ...place: string[]): void {
  const odds = isNonNull ? trouble.errors / 3 : trouble.errors;
  if (digest(trouble.seed, 'error', ...place) % 1000 >= odds) return;
  throw new GraphQLError(`No luck with ${place.join(' ')}`, { extensions: { code: 'UNLUCKY' } });
}

interface Making {
  readonly schema: GraphQLSchema;
  readonly apiSchema: GraphQLSchema;
  readonly trouble: Trouble;
}

function makeUp(making: Making, type: GraphQLOutputType, place: string): unknown {
  if (isNonNullType(type)) return makeUp(making, type.ofType, place);
  const hash = digest(place);
  if (isListType(type)) {
    return Array.from({ length: hash % 4 }, (_, index) =>
      makeElement(making, type.ofType, `${place}.${index}`),
    );
  }
  if (isEnumType(type)) return type.getValues()[hash % type.getValues().length]?.name;
  switch (type.name) {
    case 'Int':
      return hash % 7;
    case 'Float':
      return (hash % 100) / 4;
    case 'Boolean':
      return hash % 2 === 0;
    case 'ID':
    case 'String':
      return hash % 11 === 0 ? '' : `${place.slice(-12)} "é" ${hash % 100}`;
  }
  return isObjectType(type) || isAbstractType(type)
    ? makeThing(making, type, place)
    : { made: hash % 5, up: [null, 'x'] };
}

function makeElement(making: Making, type: GraphQLOutputType, place: string): unknown {
  const isLost = digest(making.trouble.seed, 'element', place) % 1000 < making.trouble.nulls;
  return isLost && !isNonNullType(type) ? null : makeUp(making, type, place);
}

/** Entities come from a small world, so that they meet again; other objects belong to the place they were found in. */
function makeThing({ schema, apiSchema }: Making, type: GraphQLNamedType, place: string): Thing {
  const hash = digest(place);
  const global = apiSchema.getType(type.name);
  const concrete = isAbstractType(type)
    ? pick(schema.getPossibleTypes(type), hash)
    : isAbstractType(global)
      ? pick(apiSchema.getPossibleTypes(global), hash)
      : type;
  const isEntity = /@key/.test(type.astNode?.directives?.map(({ name }) => `@${name.value}`).join() ?? '');
  const entityOf = schema.getType(concrete.name) ?? type;
  const hasKey = isEntity || entityOf.astNode?.directives?.some(({ name }) => name.value === 'key');
  return {
    __typename: isAbstractType(type) ? concrete.name : type.name,
    id: hasKey ? `${concrete.name}:${(hash >>> 4) % WORLD_SIZE}` : place,
  };
}

function pick<T>(values: readonly T[], hash: number): T {
  return values[hash % values.length]!;
}

/** A value from a representation, made into things again. */
function toThings(value: unknown, type: GraphQLOutputType): unknown {
  if (isListType(type) || isNonNullType(type)) {
    return Array.isArray(value)
      ? value.map((element) => toThings(element, type.ofType))
      : toThings(value, type.ofType as GraphQLOutputType);
  }
  if (typeof value !== 'object' || value === null) return value;
  return { __typename: getNamedType(type).name, id: digest(JSON.stringify(value)).toString(), ref: value };
}

function isScalarLike(type: GraphQLOutputType): boolean {
  const named = getNamedType(type);
  return !isObjectType(named) && !isInterfaceType(named);
}

function referenceResolvers(typeDefs: DocumentNode, apiSchema: GraphQLSchema, subgraph: string) {
  const resolvers: Record<string, Record<string, unknown>> = {};
  const resolveReference = (ref: Record<string, unknown>, trouble: Trouble) =>
    resolveEntity(ref, trouble, subgraph);
  for (const node of typeDefs.definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION && has(node, 'key')) {
      resolvers[node.name.value] = { __resolveReference: resolveReference };
    } else if (node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      const __resolveType = (thing: Thing) => concreteName(thing, apiSchema);
      resolvers[node.name.value] = {
        __resolveType,
        ...(has(node, 'key') && {
          __resolveReference: (ref: Record<string, unknown>, trouble: Trouble) => {
            const thing = resolveEntity(ref, trouble, subgraph);
            return thing && { ...thing, __typename: concreteName(thing, apiSchema) };
          },
        }),
      };
    } else if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      resolvers[node.name.value] = { __resolveType: (thing: Thing) => thing.__typename };
    }
  }
  return resolvers;
}

function concreteName({ __typename, id }: Thing, apiSchema: GraphQLSchema): string {
  return isObjectType(apiSchema.getType(__typename)) ? __typename : id.slice(0, id.indexOf(':'));
}

interface Annotatable {
  readonly directives?: readonly { readonly name: { readonly value: string } }[];
}

function has(node: Annotatable, directive: string): boolean {
  return node.directives?.some(({ name }) => name.value === directive) ?? false;
}

/** Finds an entity by whichever key its representation has; now and then there is none, or looking fails. */
function resolveEntity(ref: Record<string, unknown>, trouble: Trouble, subgraph: string): Thing | null {
  const id = Object.values(ref).find((value) => typeof value === 'string' && ENTITY_ID.test(value));
  const typeName = String(ref.__typename);
  if (typeof id !== 'string') return null;
  if (trouble.hasAllEntities) return { __typename: typeName, id, ref };
  misfortune(trouble, false, subgraph, typeName, id, '__resolveReference');
  if (digest(trouble.seed, 'gone', subgraph, typeName, id) % 1000 < trouble.nulls) return null;
  return { __typename: typeName, id, ref };
}

interface Annotation {
  isKey: boolean;
  /** The field of another subgraph: they agree about it, as those do that share one. */
  isExternal: boolean;
  /** Subgraphs that share a field agree about it, also about its troubles. */
  isShareable: boolean;
  requires: string[];
}

/** Reads `@key`, `@external` and `@requires` by `Type.field`. */
function readAnnotations(typeDefs: DocumentNode): Map<string, Annotation> {
  const annotations = new Map<string, Annotation>();
  for (const type of typeDefs.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const keys = type.directives?.filter(({ name }) => name.value === 'key').flatMap(fieldNamesOf) ?? [];
    for (const field of type.fields ?? []) {
      const requires = field.directives?.find(({ name }) => name.value === 'requires');
      annotations.set(`${type.name.value}.${field.name.value}`, {
        isKey: keys.includes(field.name.value),
        isExternal: has(field, 'external'),
        isShareable: has(field, 'shareable') || has(type, 'shareable'),
        requires: requires ? fieldNamesOf(requires) : [],
      });
    }
  }
  return annotations;
}

function fieldNamesOf(directive: {
  readonly arguments?: readonly { name: { value: string }; value: unknown }[];
}) {
  const value = directive.arguments?.find(({ name }) => name.value === 'fields')?.value as { value: string };
  const document = parse(`{ ${value.value} }`);
  const set = (document.definitions[0] as { selectionSet: SelectionSetNode }).selectionSet;
  return set.selections.map((node) => (node as FieldNode).name.value);
}
