import type { FetchNode } from '@apollo/query-planner';
import {
  type FieldNode,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { SubgraphClient } from '../engine.types.ts';
import { SubgraphOperation } from '../fetch/subgraph.request.ts';
import type { PlanPath } from '../run/response.position.ts';
import type { EntityFetchProgram, FetchProgram } from '../run/run.types.ts';
import { compileIdentity, compileRepresentation } from './representation.compiler.ts';
import { compileRewrites } from './rewrite.compiler.ts';

/** What compiling a plan needs to know. */
export interface CompilerScope {
  /** The full schema of the supergraph. */
  readonly schema: GraphQLSchema;
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  /** How many fetches of the plan have each signature. */
  readonly signatureCounts: ReadonlyMap<string, number>;
}

export function compileFetch(scope: CompilerScope, node: FetchNode, path: PlanPath): FetchProgram {
  const client = scope.clients.get(node.serviceName);
  if (!client)
    throw new Error(`The plan asks a subgraph that the supergraph does not list: ${node.serviceName}`);
  return {
    subgraph: node.serviceName,
    client,
    operation: new SubgraphOperation(node.operation, node.operationName, node.operationKind),
    variableNames: node.variableUsages ?? [],
    path,
    rewriteOutput: compileRewrites(scope.schema, node.outputRewrites),
    fieldNames: deliveredNames(node),
  };
}

export function compileEntityFetch(
  scope: CompilerScope,
  node: FetchNode,
  path: PlanPath,
): EntityFetchProgram {
  const signature = signatureOf(node);
  return {
    ...compileFetch(scope, node, path),
    identify: compileIdentity(scope.schema, node.requires ?? []),
    selectRepresentation: compileRepresentation(scope.schema, node.requires ?? []),
    rewriteInput: compileRewrites(scope.schema, node.inputRewrites),
    isAbstract: (typeName) => typeof typeName === 'string' && isAbstractType(scope.schema.getType(typeName)),
    signature,
    isRepeated: (scope.signatureCounts.get(signature) ?? 0) > 1,
  };
}

/** Fetches with the same signature ask the same of the same subgraph, about entities known by the same keys; the planner numbers their names, which is left out. */
export function signatureOf(node: FetchNode): string {
  const text = node.operationName ? node.operation.replace(` ${node.operationName}`, '') : node.operation;
  const rewrites = [node.inputRewrites ?? [], node.outputRewrites ?? []];
  return JSON.stringify([node.serviceName, text, node.requires ?? [], ...rewrites]);
}

/** Response names that a fetch adds to its target, after its renames. */
function deliveredNames(node: FetchNode): string[] {
  const document = parse(node.operation, { noLocation: true });
  const fragments = new Map<string, SelectionSetNode>();
  let root: SelectionSetNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) root = definition.selectionSet;
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
  }
  const fields = fieldsOf(root, fragments);
  const targets = node.requires ? fields.flatMap((field) => fieldsOf(field.selectionSet, fragments)) : fields;
  const renamed = new Map(
    node.outputRewrites?.flatMap((rewrite) =>
      rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1), rewrite.renameKeyTo] as const] : [],
    ),
  );
  const names = targets.map(({ alias, name }) => alias?.value ?? name.value);
  return [...new Set(names.map((name) => renamed.get(name) ?? name))].filter((name) => name !== '__typename');
}

/** The fields of a selection set, those within fragments included. */
function fieldsOf(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, SelectionSetNode>,
): FieldNode[] {
  return (set?.selections ?? []).flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node];
    return fieldsOf(
      node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments.get(node.name.value),
      fragments,
    );
  });
}
