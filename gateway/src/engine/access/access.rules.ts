import type { NamedType, Schema } from '@apollo/federation-internals';
import type { Access } from '../engine.types.ts';

/** What one type or field of the supergraph asks of the caller. Equal rules are one object. */
export interface AccessRule {
  readonly id: string;
  readonly authenticated: boolean;
  /** Any one of the inner lists must be held completely; absent when nothing is asked. */
  readonly scopes: readonly (readonly string[])[] | undefined;
  readonly policies: readonly (readonly string[])[] | undefined;
}

/** The rules of a supergraph by coordinate: `Type` or `Type.field`. */
export type AccessRules = ReadonlyMap<string, AccessRule>;

export const ANONYMOUS: Access = { isAuthenticated: false, scopes: new Set(), policies: new Set() };

/** Reads `@authenticated`, `@requiresScopes` and `@policy` under whatever names the supergraph imports them. */
export function readAccessRules(schema: Schema): AccessRules {
  const interned = new Map<string, AccessRule>();
  const rules = new Map<string, AccessRule>();
  const names = directiveNames(schema);
  const note = (coordinate: string, element: Annotated): void => {
    const rule = readRule(element, names);
    if (!rule) return;
    const known = interned.get(rule.id) ?? rule;
    interned.set(rule.id, known);
    rules.set(coordinate, known);
  };
  for (const type of schema.types()) {
    note(type.name, type);
    for (const field of fieldsOf(type)) note(`${type.name}.${field.name}`, field);
  }
  return rules;
}

/** Whether the caller satisfies the rule, and if not, the code of the error that says so. */
export function refusalOf(rule: AccessRule, access: Access): 'UNAUTHENTICATED' | 'FORBIDDEN' | undefined {
  const refusal = access.isAuthenticated ? 'FORBIDDEN' : 'UNAUTHENTICATED';
  if (rule.authenticated && !access.isAuthenticated) return refusal;
  if (rule.scopes && !holdsAnyList(rule.scopes, access.scopes)) return refusal;
  if (rule.policies && !holdsAnyList(rule.policies, access.policies)) return refusal;
  return undefined;
}

interface Annotated {
  readonly appliedDirectives: readonly { readonly name: string; arguments(): Record<string, unknown> }[];
}

interface DirectiveNames {
  readonly authenticated: string | undefined;
  readonly scopes: string | undefined;
  readonly policy: string | undefined;
}

function directiveNames(schema: Schema): DirectiveNames {
  const nameOf = (directive: string) =>
    schema.coreFeatures
      ?.getByIdentity(`https://specs.apollo.dev/${directive}`)
      ?.directiveNameInSchema(directive);
  return {
    authenticated: nameOf('authenticated'),
    scopes: nameOf('requiresScopes'),
    policy: nameOf('policy'),
  };
}

function readRule(element: Annotated, names: DirectiveNames): AccessRule | undefined {
  const find = (name: string | undefined) =>
    name === undefined ? undefined : element.appliedDirectives.find((applied) => applied.name === name);
  const authenticated = find(names.authenticated) !== undefined;
  const scopes = find(names.scopes)?.arguments().scopes as string[][] | undefined;
  const policies = find(names.policy)?.arguments().policies as string[][] | undefined;
  if (!authenticated && !scopes && !policies) return undefined;
  return { id: JSON.stringify([authenticated, scopes, policies]), authenticated, scopes, policies };
}

function fieldsOf(type: NamedType) {
  return type.kind === 'ObjectType' || type.kind === 'InterfaceType' ? type.fields() : [];
}

function holdsAnyList(lists: readonly (readonly string[])[], held: ReadonlySet<string>): boolean {
  return lists.some((list) => list.every((name) => held.has(name)));
}
