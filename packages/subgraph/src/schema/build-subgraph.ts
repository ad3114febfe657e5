import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLFieldResolver, type GraphQLSchema, parse, print, visit } from 'graphql';
import { type BuildSchemaOptions, buildSchema, createResolversMap } from 'type-graphql';
import type { SubgraphContext } from '../context.ts';
import { scalarsMap } from '../graphql/scalars.ts';
import { type Access, assertAccess } from './access.ts';

/** Finds an entity by the key fields that another subgraph names. Null when there is none that the caller may see. */
export type ReferenceResolver = (
  representation: Readonly<Record<string, unknown>>,
  context: SubgraphContext,
) => Promise<object | null> | object | null;

/** Opens the event stream of a subscription field; its items become the root value of each event. */
export type SubscriptionSource = (
  args: Readonly<Record<string, unknown>>,
  context: SubgraphContext,
) => Promise<AsyncIterableIterator<unknown>>;

/** Stands in a `@Subscription` decorator, which cannot reach the services: the subgraph's `schema.ts` names the source. */
export function openedBySchema(): never {
  throw new Error('the schema definition names no source for this subscription');
}

export interface SubgraphDefinition {
  readonly resolvers: BuildSchemaOptions['resolvers'];
  /** Types no root field reaches: stubs of entities owned elsewhere. Without this they vanish silently. */
  readonly orphanedTypes?: BuildSchemaOptions['orphanedTypes'];
  /** Reference resolvers by type name. */
  readonly references: Readonly<Record<string, ReferenceResolver>>;
  /** How each subscription field is opened. Default: there are none. */
  readonly subscriptions?: Readonly<Record<string, SubscriptionSource>>;
  /** Instances of the resolver classes, made by the composition root. */
  readonly instances: readonly object[];
}

export interface BuiltSubgraph {
  /** The executable schema, with `_entities` and `_service`. */
  readonly schema: GraphQLSchema;
  /** The same schema as type-graphql knows it, extensions included: for audits. */
  readonly source: GraphQLSchema;
  /** What composition reads. */
  readonly sdl: string;
}

const federationLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@authenticated", "@requiresScopes"])\n`;

/** Builds a federation subgraph from type-graphql classes, with access enforced around every declared field. */
export async function buildSubgraph(definition: SubgraphDefinition): Promise<BuiltSubgraph> {
  const instances = new Map(definition.instances.map((instance) => [instance.constructor, instance]));
  const source = await buildSchema({
    resolvers: definition.resolvers,
    orphanedTypes: definition.orphanedTypes ?? [],
    container: { get: (type: { name: string }) => instanceOf(instances, type) },
    scalarsMap,
    pubSub: { publish: openedBySchema, subscribe: openedBySchema },
    validate: false,
    skipCheck: true,
    emitSchemaFile: false,
  });
  const sdl = federationLink + withoutDirectiveDefinitions(printSchemaWithDirectives(source));
  const map = createResolversMap(source) as ResolverMap;
  for (const [field, open] of Object.entries(definition.subscriptions ?? {}))
    map.Subscription = { ...map.Subscription, [field]: toSubscription(map.Subscription?.[field], open) };
  const resolvers = guard(source, map);
  for (const [name, resolve] of Object.entries(definition.references))
    resolvers[name] = { ...resolvers[name], __resolveReference: guardReference(source, name, resolve) };
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never });
  return { schema, source, sdl };
}

function toSubscription(
  field: FieldResolver | ReferenceResolver | undefined,
  open: SubscriptionSource,
): FieldResolver {
  if (typeof field !== 'object') throw new Error('a source is named for a subscription that is not there');
  return { ...field, subscribe: (_root, args, context) => open(args, context) };
}

type Resolver = GraphQLFieldResolver<unknown, SubgraphContext>;
type FieldResolver = Resolver | { subscribe?: Resolver; resolve?: Resolver };
type ResolverMap = Record<string, Record<string, FieldResolver | ReferenceResolver>>;

function instanceOf(instances: ReadonlyMap<unknown, object>, type: { name: string }): object {
  const instance = instances.get(type);
  if (!instance) throw new Error(`no instance of ${type.name} was made by the composition root`);
  return instance;
}

/** The definitions of federation's directives come with the link. */
function withoutDirectiveDefinitions(sdl: string): string {
  return print(visit(parse(sdl), { DirectiveDefinition: () => null, SchemaDefinition: () => null }));
}

function guard(source: GraphQLSchema, resolvers: ResolverMap): ResolverMap {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = source.getType(typeName);
    if (!type || !('getFields' in type)) continue;
    const definitions = type.getFields();
    for (const [fieldName, resolver] of Object.entries(fields)) {
      const access = definitions[fieldName]?.extensions.access as Access | undefined;
      if (access) fields[fieldName] = guardField(access, resolver as FieldResolver);
    }
  }
  return resolvers;
}

function guardField(access: Access, resolver: FieldResolver): FieldResolver {
  if (typeof resolver === 'function') return guardResolver(access, resolver);
  const { subscribe, resolve } = resolver;
  return {
    ...(resolve && { resolve }),
    ...(subscribe && { subscribe: guardResolver(access, subscribe) }),
  };
}

function guardResolver(access: Access, resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    assertAccess(access, context.actor);
    return resolve(source, args, context, info);
  };
}

function guardReference(source: GraphQLSchema, name: string, resolve: ReferenceResolver): ReferenceResolver {
  const access = source.getType(name)?.extensions.access as Access | undefined;
  if (!access) return resolve;
  return (representation, context) => {
    assertAccess(access, context.actor);
    return resolve(representation, context);
  };
}
