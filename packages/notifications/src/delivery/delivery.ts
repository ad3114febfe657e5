import type { Channel, Locale } from '@suvidha/notification-templates';
import type { VendorName } from '../vendor/vendor.ts';

/**
 * Where a delivery stands.
 *
 * - `QUEUED`: waits for its turn or for the next attempt.
 * - `SENDING`: handed to a vendor whose answer is not stored. After a crash or a time-out nobody knows what it was.
 * - `SENT`: taken by a vendor. `FAILED`: the destination cannot be reached. `EXPIRED`: its time was over first.
 *   `SUPPRESSED`: not sent on purpose. All four are final.
 * - `DEAD`: given up; it may be replayed.
 */
export type DeliveryStatus = 'QUEUED' | 'SENDING' | 'SENT' | 'FAILED' | 'DEAD' | 'EXPIRED' | 'SUPPRESSED';

/** A row of `notification_delivery`, as far as sending needs it. */
export interface Delivery {
  readonly id: string;
  readonly userId: string | null;
  readonly channel: Channel;
  readonly template: string;
  readonly locale: Locale;
  readonly destinationHash: string;
  readonly sealedContent: string | null;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly vendor: VendorName | null;
  readonly attempts: number;
  readonly unknownOutcomes: number;
  readonly attemptedAt: Date | null;
  readonly queuedAt: Date;
  readonly expiresAt: Date | null;
}
