import type { Actor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import type { Db } from '../db.ts';
import type { KycVerification, Prisma } from '../generated/prisma/client.ts';

/** Finds verifications. Absent and not-yours give the same answer; an id that is no UUID is absent. */
export class KycVerificationService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Those among `ids` that the actor may see: their own, or all with `kyc:review`. */
  async findVisible(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, KycVerification>> {
    const rows = await this.#findMany(actor, { id: { in: ids.filter(isUuid) } });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The verifications of people by user id, with the same rule. */
  async findVisibleByUser(
    actor: Actor,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, KycVerification>> {
    const rows = await this.#findMany(actor, { userId: { in: userIds.filter(isUuid) } });
    return new Map(rows.map((row) => [row.userId, row]));
  }

  async #findMany(actor: Actor, wanted: Prisma.KycVerificationWhereInput): Promise<KycVerification[]> {
    const visible = visibleTo(actor);
    return visible === null ? [] : this.#db.kycVerification.findMany({ where: { AND: [wanted, visible] } });
  }
}

/** Which rows the actor may see. Null: none. */
function visibleTo(actor: Actor): Prisma.KycVerificationWhereInput | null {
  if (actor.kind === 'anonymous') return null;
  const seesAll = actor.kind === 'service' || actor.scopes.includes('kyc:review');
  return seesAll ? {} : { userId: actor.userId };
}
