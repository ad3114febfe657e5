import type { Actor, Scope } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import { Directive, Extensions } from 'type-graphql';

/** Who may read a field or type. Kept in the element's `extensions` and enforced around its resolver. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'row' }
  | { readonly kind: 'authenticated'; readonly scopes: readonly Scope[] };

type AnyDecorator = MethodDecorator & PropertyDecorator & ClassDecorator;

/** Everybody may read it, logged in or not. */
export function Public(): AnyDecorator {
  return Extensions({ access: { kind: 'public' } satisfies Access }) as AnyDecorator;
}

/**
 * For entities: whoever has the row may read it, because the service loads rows only for callers who may see them.
 * Absent and not-yours give the same answer.
 */
export function RowAccess(): AnyDecorator {
  return Extensions({ access: { kind: 'row' } satisfies Access }) as AnyDecorator;
}

/**
 * Only who is logged in may read it and, where scopes are named, only with all of them. Appears in the schema as
 * `@authenticated` or `@requiresScopes`, so that the gateway refuses before it fetches.
 */
export function RequireAuth(...scopes: readonly Scope[]): AnyDecorator {
  const directive =
    scopes.length === 0 ? '@authenticated' : `@requiresScopes(scopes: [${JSON.stringify(scopes)}])`;
  const decorators = [
    Directive(directive),
    Extensions({ access: { kind: 'authenticated', scopes } satisfies Access }),
  ] as AnyDecorator[];
  return ((...target: Parameters<MethodDecorator>) => {
    for (const decorate of decorators) decorate(...target);
  }) as AnyDecorator;
}

/** @throws AppError UNAUTHENTICATED or FORBIDDEN. Services act for themselves and pass. */
export function assertAccess(access: Access, actor: Actor): void {
  if (access.kind !== 'authenticated' || actor.kind === 'service') return;
  if (actor.kind === 'anonymous') throw new AppError('UNAUTHENTICATED', 'Log in to use this field.');
  if (!access.scopes.every((scope) => actor.scopes.includes(scope)))
    throw new AppError('FORBIDDEN', 'You may not use this field.');
}
