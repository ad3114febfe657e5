import type { Channel, Locale, MessageByChannel } from '@suvidha/notification-templates';

/** The outside parties that take messages. The name is stored with each delivery. */
export type VendorName = 'TWILIO' | 'MSG91' | 'SMTP' | 'FCM';

/** A file that a mail carries. */
export interface Attachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** A message as a vendor is asked to send it. */
export interface OutgoingMessage<C extends Channel> {
  /** Identifies the delivery; the same in every attempt, so that duplicates can be told. */
  readonly id: string;
  /** Phone number in E.164 form, e-mail address or push token. */
  readonly to: string;
  readonly template: string;
  readonly locale: Locale;
  readonly content: MessageByChannel[C];
  /** Mails only. */
  readonly attachments: readonly Attachment[];
}

/** One vendor for one channel. */
export interface Vendor<C extends Channel> {
  readonly name: VendorName;
  /** Whether a second send of the same id replaces the first before the reader's eyes. */
  readonly replacesDuplicates: boolean;
  /** Whether the vendor knows the text, where it must. */
  canSend(text: { readonly template: string; readonly locale: Locale }): boolean;
  /**
   * Hands the message over; answers the vendor's id of it.
   * @throws VendorError
   */
  send(message: OutgoingMessage<C>): Promise<string>;
  /**
   * The vendor's ids of messages with this destination and text that it took since then. Absent: it cannot be asked.
   * @throws VendorError when it does not answer.
   */
  findSent?(message: OutgoingMessage<C>, since: Date): Promise<readonly string[]>;
}

/** The vendors of each channel, in the order in which they are tried. A channel without any cannot be used. */
export type Vendors = { readonly [C in Channel]: readonly Vendor<C>[] };

/** Default deadline of a vendor call: longer than slow answers, shorter than a person waits for a code. */
export const vendorTimeoutMs = 10_000;
