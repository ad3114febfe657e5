import { randomBytes } from 'node:crypto';
import type { MessageForm } from './message.rules.ts';
import { countSegments } from './segments.rules.ts';

/** A message as Twilio's API shows it. */
export type MessageResource = Record<string, unknown>;

const CAPACITY = 1000;

/** The newest 1000 messages of one account. */
export class Messages {
  private readonly bySid = new Map<string, MessageResource>();
  private readonly accountSid: string;

  constructor(accountSid: string) {
    this.accountSid = accountSid;
  }

  create(form: MessageForm): MessageResource {
    const sid = `SM${randomBytes(16).toString('hex')}`;
    const message = toResource(form, { sid, accountSid: this.accountSid });
    this.bySid.set(sid, message);
    const oldest = this.bySid.keys().next();
    if (this.bySid.size > CAPACITY && !oldest.done) this.bySid.delete(oldest.value);
    return message;
  }

  /** Messages to a number, newest first; all when it is absent. */
  list(to: string | undefined): MessageResource[] {
    const newestFirst = [...this.bySid.values()].reverse();
    return newestFirst.filter((message) => to === undefined || message.to === to);
  }

  find(sid: string): MessageResource | null {
    return this.bySid.get(sid) ?? null;
  }
}

function toResource(form: MessageForm, ids: { sid: string; accountSid: string }): MessageResource {
  const uri = `/2010-04-01/Accounts/${ids.accountSid}/Messages/${ids.sid}`;
  const now = toRfc2822(new Date());
  return {
    account_sid: ids.accountSid,
    api_version: '2010-04-01',
    body: form.body,
    date_created: now,
    date_sent: null,
    date_updated: now,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: form.from === '' ? null : form.from,
    messaging_service_sid: form.messagingServiceSid === '' ? null : form.messagingServiceSid,
    num_media: '0',
    num_segments: String(countSegments(form.body)),
    price: null,
    price_unit: 'USD',
    sid: ids.sid,
    // A message through a messaging service has no sender yet, so it is only accepted.
    status: form.from === '' ? 'accepted' : 'queued',
    subresource_uris: { media: `${uri}/Media.json` },
    to: form.to,
    uri: `${uri}.json`,
  };
}

/** Twilio writes the zone as an offset: `Mon, 16 Aug 2010 03:45:01 +0000`. */
function toRfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}
