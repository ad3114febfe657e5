import type { Actor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import type { Db } from '../db.ts';
import type { User } from '../generated/prisma/client.ts';

/** Finds people. Absent and not-yours give the same answer. */
export class UserService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The accounts among `ids` that the actor may see: their own, or all with `user:read`. */
  async findVisible(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, User>> {
    const visible = ids.filter((id) => isUuid(id) && canSee(actor, id));
    if (visible.length === 0) return new Map();
    const users = await this.#db.user.findMany({ where: { id: { in: visible } } });
    return new Map(users.map((user) => [user.id, user]));
  }
}

function canSee(actor: Actor, userId: string): boolean {
  if (actor.kind === 'service') return true;
  return actor.kind === 'user' && (actor.userId === userId || actor.scopes.includes('user:read'));
}
