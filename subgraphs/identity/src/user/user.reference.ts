import { createContextLoader, type ReferenceResolver } from '@suvidha/subgraph';
import type { UserService } from './user.service.ts';

/** Loads users by id, those that the caller may see. */
export function createUserLoader(users: UserService) {
  return createContextLoader((ids, { actor }) => users.findVisible(actor, ids));
}

export type UserLoader = ReturnType<typeof createUserLoader>;

export function createUserReference(load: UserLoader): ReferenceResolver {
  return ({ id }, context) => load(context).load(String(id));
}
