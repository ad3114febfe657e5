import type { Actor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import { canSeeCustomer } from '../access.rules.ts';
import type { Db } from '../db.ts';
import type { Connection } from '../generated/prisma/client.ts';

/** A customer has few connections; this bounds the list all the same. */
const maxConnections = 100;

export class ConnectionService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The connections among `ids` that the actor may see. */
  async findVisible(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Connection>> {
    const connections = await this.#db.connection.findMany({ where: { id: { in: ids.filter(isUuid) } } });
    const visible = connections.filter(({ userId }) => canSeeCustomer(actor, userId));
    return new Map(visible.map((connection) => [connection.id, connection]));
  }

  /** Connections of several customers at once; customers the actor may not see have none. */
  async listByCustomer(actor: Actor, userIds: readonly string[]): Promise<ReadonlyMap<string, Connection[]>> {
    const visible = userIds.filter((userId) => isUuid(userId) && canSeeCustomer(actor, userId));
    const connections = await this.#db.connection.findMany({
      where: { userId: { in: visible } },
      orderBy: { id: 'asc' },
      take: maxConnections * visible.length,
    });
    return Map.groupBy(connections, ({ userId }) => userId);
  }
}
