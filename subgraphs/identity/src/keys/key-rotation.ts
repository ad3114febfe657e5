import { unknownClient } from '@suvidha/auth';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Changes the key of access tokens, and writes down who did. */
export class KeyRotation {
  readonly #db: Db;
  readonly #keys: SigningKeys;
  readonly #audit: AuditLog;

  constructor({ db, keys, audit }: { db: Db; keys: SigningKeys; audit: AuditLog }) {
    this.#db = db;
    this.#keys = keys;
    this.#audit = audit;
  }

  /** Asked again before the new key signs, it answers that one and makes no other. */
  async rotate(caller: SubgraphContext): Promise<{ kid: string; activatedAt: Date }> {
    const next = await this.#keys.rotate();
    const details = { keyId: next.kid, activatedAt: next.activatedAt.toISOString() };
    await this.#audit.record(this.#db, caller, { action: AuditAction.KEYS_ROTATED, details });
    return next;
  }

  /** Does it on schedule: when the newest key has signed for so many days. Removes those that verify no more. */
  async keepYoung(lifetimeDays: number): Promise<void> {
    if (await this.#keys.isDue(lifetimeDays * dayMs)) await this.rotate(schedule);
    await this.#keys.forgetOld();
  }
}

const dayMs = 24 * 60 * 60_000;

/** Nobody asked: it was time. */
const schedule: SubgraphContext = {
  actor: { kind: 'service', service: 'identity' },
  requestId: 'schedule',
  client: unknownClient,
};
