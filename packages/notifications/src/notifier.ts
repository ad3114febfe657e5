import { type SqlClient, uuidv7 } from '@suvidha/db';
import { addJob } from '@suvidha/jobs';
import {
  type ChannelOf,
  checkVariables,
  type Locale,
  type TemplateName,
  type VariablesOf,
} from '@suvidha/notification-templates';
import type { Sealer } from '@suvidha/seal';
import { sealContent } from './delivery/content.ts';
import { insertDelivery, requeueDead } from './delivery/delivery.queries.ts';
import { maskDestination } from './delivery/destination.rules.ts';
import type { Attachment } from './vendor/vendor.ts';

/** Name of the durable job that sends one delivery. */
export const sendNotificationTask = 'send-notification';

/** One message to one destination. */
export interface Notification<Name extends TemplateName> {
  /**
   * What makes it necessary, such as `otp:<challenge id>` or `event:<event id>`. The same cause, template, channel and
   * destination send one message, however often they are given.
   */
  readonly cause: string;
  readonly template: Name;
  readonly channel: ChannelOf<Name>;
  /** Phone number in E.164 form, e-mail address or push token. */
  readonly to: string;
  readonly locale: Locale;
  readonly variables: VariablesOf<Name>;
  /** Whose wishes and quiet hours hold. Absent: nobody's, as for somebody without an account. */
  readonly userId?: string;
  /** When it stops being worth sending, as a code does. Absent: it is tried for two days. */
  readonly expiresAt?: Date;
  /** The reader's zone for times in the text (IANA). Default: India's. */
  readonly timeZone?: string;
  /** Mails only; 256 KiB in all. Larger ones travel as a link. */
  readonly attachments?: readonly Attachment[];
}

export interface Notifier {
  /**
   * Queues a message in the caller's transaction: it is sent if and only if that commits.
   * @returns the delivery's id, or null when this cause has had its message already
   * @throws TemplateError INVALID_VARIABLES that names the fields
   */
  enqueue<Name extends TemplateName>(tx: SqlClient, notification: Notification<Name>): Promise<string | null>;
  /** Gives a dead delivery all its time anew. @returns false when there is no dead delivery with this id */
  replay(tx: SqlClient, deliveryId: string): Promise<boolean>;
  /** The hash under which deliveries to an address are found. */
  hashDestination(address: string): string;
}

const maxAttachmentBytes = 256 * 1024;

export function createNotifier({
  sealer,
  now,
}: {
  readonly sealer: Sealer;
  readonly now: () => Date;
}): Notifier {
  const hashDestination = (address: string) => hashAddress(sealer, address);
  return {
    hashDestination,
    async enqueue(tx, notification) {
      const id = uuidv7();
      const { cause, template, channel, to, locale, userId = null, expiresAt = null } = notification;
      const isNew = await insertDelivery(tx, {
        id,
        cause,
        userId,
        channel,
        template,
        locale,
        maskedDestination: maskDestination({ channel, address: to }),
        destinationHash: hashDestination(to),
        sealedContent: sealContent(sealer, toContent(notification)),
        createdAt: now(),
        expiresAt,
      });
      if (isNew) await addSendJob(tx, id);
      return isNew ? id : null;
    },
    async replay(tx, deliveryId) {
      const isDead = await requeueDead(tx, deliveryId, now());
      if (isDead) await addSendJob(tx, deliveryId);
      return isDead;
    },
  };
}

/** One job per delivery waits at a time, whoever asks for it. */
export async function addSendJob(tx: SqlClient, deliveryId: string, runAt?: Date): Promise<void> {
  const key = `${sendNotificationTask}:${deliveryId}`;
  await addJob(tx, sendNotificationTask, { deliveryId }, { key, ...(runAt && { runAt }) });
}

/** Mail addresses differ in case only by accident; numbers and tokens are spelled in one way. */
export function hashAddress(sealer: Sealer, address: string): string {
  return sealer.keyedHash(
    'notification-destination',
    address.includes('@') ? address.toLowerCase() : address,
  );
}

function toContent(notification: Notification<TemplateName>) {
  const { template, to, variables, timeZone = null, attachments = [] } = notification;
  const sizeBytes = attachments.reduce((sum, { content }) => sum + content.length, 0);
  if (sizeBytes > maxAttachmentBytes) throw new RangeError('attachments must not exceed 256 KiB in all');
  return {
    to,
    variables: checkVariables(template, variables),
    timeZone,
    attachments: attachments.map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      contentBase64: content.toString('base64'),
    })),
  };
}
