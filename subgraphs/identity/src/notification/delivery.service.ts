import { isUuid } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import { templateNames } from '@suvidha/notification-templates';
import type { Notifier } from '@suvidha/notifications';
import type { Page } from '@suvidha/subgraph';
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

  constructor(db: PrismaClient, notifier: Notifier) {
    this.#db = db;
    this.#notifier = notifier;
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
   * Tries a message again that was given up.
   * @throws UserError NOT_FOUND when there is none, or it is not dead.
   */
  replay(deliveryId: string): Promise<NotificationDelivery> {
    return this.#db.$transaction(async (tx) => {
      const isReplayed = isUuid(deliveryId) && (await this.#notifier.replay(tx, deliveryId));
      if (!isReplayed)
        throw new UserError(UserErrorCode.NOT_FOUND, 'There is no message with this id that was given up.', [
          'input',
          'deliveryId',
        ]);
      return tx.notificationDelivery.findUniqueOrThrow({ where: { id: deliveryId } });
    });
  }
}

function isTemplateName(name: string): boolean {
  return (templateNames as readonly string[]).includes(name);
}
