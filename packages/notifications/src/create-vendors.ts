import type { Channel } from '@suvidha/notification-templates';
import type { DeliveryLimits } from './delivery/budget.ts';
import type { NotificationConfig } from './variables.ts';
import { withCircuitBreaker } from './vendor/circuit-breaker.ts';
import { createFcmVendor } from './vendor/fcm/fcm.vendor.ts';
import { createMsg91Vendor } from './vendor/msg91/msg91.vendor.ts';
import { createSmtpVendor } from './vendor/smtp/smtp.vendor.ts';
import { createTwilioVendor } from './vendor/twilio/twilio.vendor.ts';
import type { Vendor, Vendors } from './vendor/vendor.ts';

export interface VendorOptions {
  readonly now: () => Date;
  /** Deadline of each call. Default 10 000. */
  readonly timeoutMs?: number;
}

/** The vendors that the configuration names, each behind a circuit breaker. SMS: Twilio, then MSG91. */
export function createVendors(config: NotificationConfig, { now, timeoutMs }: VendorOptions): Vendors {
  const guard = <C extends Channel>(vendor: Vendor<C>) => withCircuitBreaker(vendor, now);
  const deadline = timeoutMs === undefined ? {} : { timeoutMs };
  const { twilio, msg91, mail, fcm } = config;
  return {
    SMS: [
      guard(createTwilioVendor({ ...twilio, ...deadline })),
      ...(msg91.authKey ? [guard(createMsg91Vendor({ ...msg91, authKey: msg91.authKey, ...deadline }))] : []),
    ],
    EMAIL: [guard(createSmtpVendor({ ...mail, ...deadline }))],
    PUSH: fcm.account
      ? [guard(createFcmVendor({ baseUrl: fcm.baseUrl, account: fcm.account, now, ...deadline }))]
      : [],
  };
}

export function toLimits({ smsLimits }: NotificationConfig): Partial<DeliveryLimits> {
  const { countries, destinationHourly, blockHourly, daily } = smsLimits;
  return {
    smsCountries: countries,
    destinationHourly,
    destinationDaily: destinationHourly * 2,
    blockHourly,
    smsDaily: daily,
  };
}
