/** A message as the addressee would see it. */
export interface InboxMessage {
  channel: 'SMS' | 'EMAIL' | 'PUSH';
  /** E.164 number, mail address or push token, as the sender wrote it. */
  to: string;
  /** The title of a push message. Null for SMS, which has none. */
  subject: string | null;
  text: string;
  /** ISO 8601, UTC. */
  sentAt: string;
}

const CAPACITY = 1000;

/** Everything the imitated carriers were asked to deliver, newest first; only the newest 1000 are kept. */
export class Inbox {
  private messages: InboxMessage[] = [];

  add(message: Omit<InboxMessage, 'sentAt'>): void {
    this.messages.unshift({ ...message, sentAt: new Date().toISOString() });
    this.messages.length = Math.min(this.messages.length, CAPACITY);
  }

  /** All messages, or those to one address (mail addresses differ in case only by accident). */
  list(to?: string): InboxMessage[] {
    if (to === undefined) return [...this.messages];
    const wanted = to.toLowerCase();
    return this.messages.filter((message) => message.to.toLowerCase() === wanted);
  }

  clear(): void {
    this.messages = [];
  }
}
