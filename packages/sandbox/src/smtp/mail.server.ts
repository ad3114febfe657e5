import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Faults } from '../control/faults.ts';
import type { Inbox } from '../inbox/inbox.ts';
import type { Mails } from './mails.ts';

const MAX_MAIL_BYTES = 10 * 1024 * 1024;

/** A temporary refusal (RFC 5321 §4.2.1, 4yz): the sender keeps the mail and tries again. */
const TEMPORARY_FAILURE = 451;

export interface MailServer {
  port: number;
  close(): Promise<void>;
}

/**
 * An SMTP server that accepts every mail and puts it into the inbox, one message per envelope recipient.
 * STARTTLS is not offered: a self-signed certificate would be refused by careful clients. Any login is taken.
 *
 * @throws Error with `code: 'EADDRINUSE'` when the port is taken
 */
export async function createMailServer(options: {
  host: string;
  port: number;
  inbox: Inbox;
  mails: Mails;
  faults: Faults;
}): Promise<MailServer> {
  const closing = new AbortController();
  const receive = createReceiver({ ...options, signal: closing.signal });
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    size: MAX_MAIL_BYTES,
    onRcptTo: (address, _session, callback) => callback(findRefusal(address.address)),
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? 'anonymous' }),
    onData: (stream, session, callback) => {
      receive(stream, session).then(() => callback(null), callback);
    },
  });
  // A client that hangs up in mid-mail is its own affair; a taken port rejects the wait below.
  server.on('error', () => undefined);
  server.listen(options.port, options.host);
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    close: async () => {
      closing.abort();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A mailbox that does not exist, for good (RFC 5321 §4.2.3): any whose name begins with `bounce`. */
function findRefusal(address: string): Error | null {
  if (!/^bounce/i.test(address)) return null;
  return Object.assign(new Error('No such user here'), { responseCode: 550 });
}

function createReceiver(options: { inbox: Inbox; mails: Mails; faults: Faults; signal: AbortSignal }) {
  return async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const raw = await buffer(stream);
    await refuseOnFault(options, 'before');
    if (stream.sizeExceeded) throw Object.assign(new Error('Message too large'), { responseCode: 552 });
    const mail = await PostalMime.parse(raw);
    options.mails.add(mail);
    for (const recipient of session.envelope.rcptTo) {
      options.inbox.add({
        channel: 'EMAIL',
        to: recipient.address,
        subject: mail.subject ?? '',
        text: mail.text?.trimEnd() ?? '',
      });
    }
    await refuseOnFault(options, 'after');
  };
}

async function refuseOnFault(
  options: { faults: Faults; signal: AbortSignal },
  step: 'before' | 'after',
): Promise<void> {
  const fault = await options.faults.strike({ call: 'smtp.deliver-mail', step, signal: options.signal });
  if (fault === null) return;
  throw Object.assign(new Error('Try again later'), { responseCode: TEMPORARY_FAILURE });
}
