import { isUuid } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import { templateNames } from '@suvidha/notification-templates';
import type { Notifier } from '@suvidha/notifications';
import type { Page, SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { NotificationDelivery, PrismaClient } from '../generated/prisma/client.ts';
import type { NotificationChannel, NotificationStatus } from '../generated/prisma/enums.ts';

export interface DeliveryFilter {
  readonly status?: NotificationStatus | null | undefined;
  readonly channel?: NotificationChannel | null | undefined;
  readonly template?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly destination?: string | null | undefined;
}

/** What was sent to whom, for staff. */
export class DeliveryService {
  readonly #db: PrismaClient;
  readonly #notifier: Notifier;
  readonly #audit: AuditLog;

  constructor({ db, notifier, audit }: { db: PrismaClient; notifier: Notifier; audit: AuditLog }) {
    this.#db = db;
    this.#notifier = notifier;
    this.#audit = audit;
  }

  /** Deliveries, newest first; one more than the page holds where there are more. */
  async list(filter: DeliveryFilter, page: Page): Promise<NotificationDelivery[]> {
    const { status, channel, template, userId, destination } = filter;
    const isUnknown = (userId && !isUuid(userId)) || (template && !isTemplateName(template));
    if (isUnknown) return [];
    return this.#db.notificationDelivery.findMany({
      where: {
        ...(status && { status }),
        ...(channel && { channel }),
        ...(template && { template }),
        ...(userId && { userId }),
        ...(destination && { destinationHash: this.#notifier.hashDestination(destination) }),
        ...(page.afterId && { id: { lt: page.afterId } }),
      },
      orderBy: { id: 'desc' },
      take: page.limit + 1,
    });
  }

  /**
   * Tries a message again that was given up, and writes down who wanted it.
   * @throws UserError NOT_FOUND when there is none, or it is not dead.
   */
  replay(caller: SubgraphContext, deliveryId: string): Promise<NotificationDelivery> {
    return this.#db.$transaction(async (tx) => {
      const isReplayed = isUuid(deliveryId) && (await this.#notifier.replay(tx, deliveryId));
      if (!isReplayed)
        throw new UserError(UserErrorCode.NOT_FOUND, 'There is no message with this id that was given up.', [
          'input',
          'deliveryId',
        ]);
      const delivery = await tx.notificationDelivery.findUniqueOrThrow({ where: { id: deliveryId } });
      const act = { action: AuditAction.NOTIFICATION_REPLAYED, subjectId: delivery.userId };
      await this.#audit.record(tx, caller, { ...act, details: { deliveryId } });
      return delivery;
    });
  }
}

function isTemplateName(name: string): boolean {
  return (templateNames as readonly string[]).includes(name);
}
