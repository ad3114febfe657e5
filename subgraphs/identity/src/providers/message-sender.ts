export interface Message {
  /** Phone number in E.164 form, or e-mail address. */
  readonly to: string;
  /** Used by channels that have one. */
  readonly subject: string;
  readonly text: string;
}

/** Hands a message to a vendor. Rejects when the vendor did not take it. */
export interface MessageSender {
  send(message: Message): Promise<void>;
}

export type MessageSenders = Readonly<Record<'SMS' | 'EMAIL', MessageSender>>;
