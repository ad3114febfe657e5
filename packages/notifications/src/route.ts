import { type Channel, renderStored } from '@suvidha/notification-templates';
import type { DeliveryContent } from './delivery/content.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { OutgoingMessage, Vendor, VendorName, Vendors } from './vendor/vendor.ts';

/** One vendor with one message for it. */
export interface Carrier {
  readonly name: VendorName;
  readonly replacesDuplicates: boolean;
  /** Answers the vendor's id of the message. @throws VendorError */
  send(): Promise<string>;
  /** The vendor's ids of messages like this one since then; null when it cannot be asked. @throws VendorError */
  readonly findSent: ((since: Date) => Promise<readonly string[]>) | null;
}

/** How a delivery travels: the vendors that can send it, in the order in which to try them. */
export interface Route {
  readonly channel: Channel;
  readonly address: string;
  readonly vendors: readonly Carrier[];
  /** Whoever was tried last, whether or not it is in use any more. */
  readonly last: Carrier | null;
}

/** @throws TemplateError when what was stored does not fit the templates of this release. */
export function createRoute(delivery: Delivery, content: DeliveryContent, vendors: Vendors): Route {
  switch (delivery.channel) {
    case 'SMS':
      return toRoute(toMessage<'SMS'>(delivery, content), delivery, vendors.SMS);
    case 'EMAIL':
      return toRoute(toMessage<'EMAIL'>(delivery, content), delivery, vendors.EMAIL);
    case 'PUSH':
      return toRoute(toMessage<'PUSH'>(delivery, content), delivery, vendors.PUSH);
  }
}

function toMessage<C extends Channel>(delivery: Delivery, content: DeliveryContent): OutgoingMessage<C> {
  const { id, template, locale, channel } = delivery;
  const { to, variables, timeZone, attachments } = content;
  const rendered = renderStored({ template, channel, locale, variables, timeZone: timeZone ?? undefined });
  return {
    id,
    to,
    template,
    locale,
    content: rendered as OutgoingMessage<C>['content'],
    attachments: attachments.map(({ filename, contentType, contentBase64 }) => ({
      filename,
      contentType,
      content: Buffer.from(contentBase64, 'base64'),
    })),
  };
}

/** Whoever failed last goes to the end, so that the next attempt is another vendor's. */
function toRoute<C extends Channel>(
  message: OutgoingMessage<C>,
  { channel, vendor: lastName }: Delivery,
  vendors: readonly Vendor<C>[],
): Route {
  const carriers = vendors
    .filter((vendor) => vendor.canSend(message))
    .map((vendor) => toCarrier(vendor, message));
  const last = carriers.find(({ name }) => name === lastName) ?? null;
  const others = carriers.filter((carrier) => carrier !== last);
  return { channel, address: message.to, vendors: last ? [...others, last] : others, last };
}

function toCarrier<C extends Channel>(vendor: Vendor<C>, message: OutgoingMessage<C>): Carrier {
  const { findSent } = vendor;
  return {
    name: vendor.name,
    replacesDuplicates: vendor.replacesDuplicates,
    send: () => vendor.send(message),
    findSent: findSent ? (since) => findSent(message, since) : null,
  };
}
