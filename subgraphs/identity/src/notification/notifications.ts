import type { JobHandlers } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import {
  createNotificationHandlers,
  createNotifier,
  createVendors,
  type NotificationConfig,
  type Notifier,
  toLimits,
} from '@suvidha/notifications';
import type { Sealer } from '@suvidha/seal';
import type { AuditLog } from '../audit/audit.log.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { DeliveryService } from './delivery.service.ts';
import { DeviceService } from './device.service.ts';
import { PreferenceService } from './preference.service.ts';

export interface NotificationServices {
  readonly deliveries: DeliveryService;
  readonly devices: DeviceService;
  readonly preferences: PreferenceService;
}

/** Everything about messages to people: what queues them, what sends them, what people and staff may do about them. */
export interface Notifications {
  readonly notifier: Notifier;
  readonly jobs: JobHandlers;
  readonly services: NotificationServices;
}

export function createNotifications(options: {
  readonly config: NotificationConfig;
  readonly db: PrismaClient;
  readonly sealer: Sealer;
  readonly audit: AuditLog;
  readonly log: Log;
  readonly now: () => Date;
}): Notifications {
  const { config, db, sealer, audit, log, now } = options;
  const notifier = createNotifier({ sealer, now });
  const devices = new DeviceService(db, now);
  const preferences = new PreferenceService(db, now);
  const jobs = createNotificationHandlers({
    db,
    sealer,
    log,
    now,
    vendors: createVendors(config, { now }),
    limits: toLimits(config),
    findPreferences: (userId) => preferences.getWishes(userId),
    onUndeliverable: async ({ channel, address }) => {
      if (channel === 'PUSH') await devices.forget(address);
    },
  });
  return {
    notifier,
    jobs,
    services: { devices, preferences, deliveries: new DeliveryService({ db, notifier, audit }) },
  };
}
