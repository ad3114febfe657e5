import type { Actor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import { AppError } from '@suvidha/errors';
import type { Page } from '@suvidha/subgraph';
import type { Db } from '../db.ts';
import type { AccountStatus, Role, User } from '../generated/prisma/client.ts';

/** Which accounts staff look for. What is absent leaves nothing out. */
export interface UserSearch {
  readonly search?: string | null | undefined;
  readonly role?: Role | null | undefined;
  readonly status?: AccountStatus | null | undefined;
}

/** No address is longer. */
const maxSearchLength = 254;

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

  /**
   * A page of accounts, the newest first; one more row than the page has where there are more.
   * @throws AppError BAD_USER_INPUT for a search that is longer than what it could find
   */
  async list({ search, role, status }: UserSearch, { limit, afterId }: Page): Promise<User[]> {
    if (search && search.length > maxSearchLength)
      throw new AppError('BAD_USER_INPUT', `A search has at most ${maxSearchLength} characters.`, {
        field: ['filter', 'search'],
      });
    return this.#db.user.findMany({
      where: {
        ...(afterId && { id: { lt: afterId } }),
        ...(role && { roles: { has: role } }),
        ...(status && { status }),
        ...(search && { OR: toMatches(search) }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }
}

function canSee(actor: Actor, userId: string): boolean {
  if (actor.kind === 'service') return true;
  return actor.kind === 'user' && (actor.userId === userId || actor.scopes.includes('user:read'));
}

/** What somebody types stands for itself: signs that mean something in a pattern are escaped. */
function toMatches(search: string) {
  const text = search.replaceAll('\u0000', '').replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
  const contains = { contains: text, mode: 'insensitive' as const };
  return [
    { username: contains },
    { email: contains },
    { phoneNumber: contains },
    ...(isUuid(search) ? [{ id: search }] : []),
  ];
}
