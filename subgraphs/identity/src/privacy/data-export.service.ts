import type { UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { type ConsumedEvent, type EventStore, personalDataHolders, toPieces } from '@suvidha/events';
import type { Notifier } from '@suvidha/notifications';
import type { Sealer } from '@suvidha/seal';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { DataExport, DataExportPart, PrismaClient } from '../generated/prisma/client.ts';
import { notifyOwner } from '../notification/account.notification.ts';
import { lockUser } from '../session/revocation.ts';
import type { SessionService } from '../session/session.service.ts';
import { collectOwnData } from './own-data.ts';

/** How long an archive is kept, in milliseconds. */
const lifetimeMs = 7 * 24 * 60 * 60_000;
/** Who asks again within this time gets the archive that is there. */
const repeatMs = 24 * 60 * 60_000;

/** Everybody who must have answered before an archive is complete. */
const holders: readonly string[] = ['identity', ...personalDataHolders];

export interface DataExportDependencies {
  readonly db: PrismaClient;
  readonly store: EventStore<Db>;
  readonly sessions: SessionService;
  readonly notifier: Notifier;
  readonly sealer: Sealer;
  readonly audit: AuditLog;
  readonly now: () => Date;
}

/** Brings what all subgraphs know of a person together into one archive. */
export class DataExportService {
  readonly #dependencies: DataExportDependencies;

  constructor(dependencies: DataExportDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Begins an archive. Who asks again within a day gets the same one.
   * @throws UserError STEP_UP_REQUIRED.
   */
  async request(caller: SubgraphContext, actor: UserActor): Promise<DataExport> {
    const { store, sessions, audit, now } = this.#dependencies;
    const { userId } = actor;
    return store.transact(async ({ tx, append }) => {
      await lockUser(tx, userId);
      // In here, so that nobody who is being erased gets an archive that no erasure finds any more.
      await sessions.assertRecent(actor, tx);
      const requestedAt = now();
      const since = new Date(requestedAt.getTime() - repeatMs);
      const known = await tx.dataExport.findFirst({ where: { userId, requestedAt: { gt: since } } });
      if (known) return known;
      const expiresAt = new Date(requestedAt.getTime() + lifetimeMs);
      const created = await tx.dataExport.create({ data: { id: uuidv7(), userId, requestedAt, expiresAt } });
      const pieces = toPieces(await collectOwnData(tx, userId));
      for (const [piece, text] of pieces.entries())
        await this.#keep(tx, {
          exportId: created.id,
          subgraph: 'identity',
          piece,
          pieces: pieces.length,
          text,
        });
      await append({
        type: 'user.export_requested',
        aggregateType: 'user',
        aggregateId: userId,
        payload: { userId, exportId: created.id },
      });
      await audit.record(tx, caller, { action: AuditAction.DATA_EXPORTED, subjectId: userId });
      return created;
    });
  }

  /** The archives of a person that are not too old, the newest first. */
  list({ userId }: UserActor): Promise<DataExport[]> {
    return this.#dependencies.db.dataExport.findMany({
      where: { userId, expiresAt: { gt: this.#dependencies.now() } },
      orderBy: { id: 'desc' },
      take: 20,
    });
  }

  /** The complete archive as JSON text. Null: there is none, or not any more. */
  async findArchive(id: string): Promise<string | null> {
    const { db, sealer, now } = this.#dependencies;
    const found = await db.dataExport.findFirst({
      where: { id, completedAt: { not: null }, expiresAt: { gt: now() } },
      include: { parts: { orderBy: [{ subgraph: 'asc' }, { piece: 'asc' }] } },
    });
    if (!found) return null;
    const bySubgraph = Object.groupBy(found.parts, ({ subgraph }) => subgraph);
    const sections = Object.entries(bySubgraph).map(
      ([subgraph, parts = []]) =>
        `${JSON.stringify(subgraph)}:${parts.map((part) => sealer.unseal('data-export', part.sealedText)).join('')}`,
    );
    const head = `"userId":${JSON.stringify(found.userId)},"requestedAt":${JSON.stringify(found.requestedAt)}`;
    return `{${head},${sections.join()}}`;
  }

  /** Takes a piece of another subgraph, for {@link createEventConsumer}. The last one completes the archive. */
  readonly takePart = async ({ tx, event }: ConsumedEvent<Db, 'export.part_ready'>): Promise<void> => {
    const { notifier, now } = this.#dependencies;
    const { exportId } = event.payload;
    // Two last pieces at the same moment would each miss the other.
    await tx.$queryRaw`select id from data_export where id = ${exportId}::uuid for update`;
    const found = await tx.dataExport.findUnique({ where: { id: exportId } });
    if (!found) return;
    await this.#keep(tx, event.payload);
    const parts = await tx.dataExportPart.findMany({
      where: { exportId },
      select: { subgraph: true, pieces: true },
    });
    if (found.completedAt || !isComplete(parts)) return;
    const at = now();
    await tx.dataExport.update({ where: { id: exportId }, data: { completedAt: at } });
    const owner = await tx.user.findUniqueOrThrow({ where: { id: found.userId } });
    await notifyOwner(tx, notifier, owner, { happening: 'EXPORT_READY', cause: `export:${exportId}`, at });
  };

  async #keep(
    tx: Db,
    { exportId, subgraph, piece, pieces, text }: Omit<DataExportPart, 'sealedText'> & { text: string },
  ): Promise<void> {
    const sealedText = this.#dependencies.sealer.seal('data-export', text);
    await tx.dataExportPart.createMany({
      data: [{ exportId, subgraph, piece, pieces, sealedText }],
      skipDuplicates: true,
    });
  }
}

function isComplete(parts: readonly { subgraph: string; pieces: number }[]): boolean {
  return holders.every((holder) => {
    const own = parts.filter(({ subgraph }) => subgraph === holder);
    return own[0] !== undefined && own.length === own[0].pieces;
  });
}
