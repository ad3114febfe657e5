import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ContentScanner, Scan, ScanVerdict } from './content-scanner.ts';

export interface ClamdOptions {
  readonly host: string;
  /** clamd's own default is 3310. */
  readonly port: number;
  /** How long it may be silent. Default 60 s: its signatures take time. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 60_000;

/**
 * Scans with ClamAV's daemon by its command INSTREAM: each piece after its length in four bytes, a length of zero at the
 * end, one line as the answer (clamd(8), https://docs.clamav.net/manual/Usage/Scanning.html). Its `StreamMaxLength` must be
 * at least the largest file that is taken, or it refuses what it could not see whole.
 */
export function createClamdScanner({
  host,
  port,
  timeoutMs = defaultTimeoutMs,
}: ClamdOptions): ContentScanner {
  return {
    start: async () => {
      const socket = connect({ host, port, timeout: timeoutMs });
      socket.once('timeout', () => socket.destroy(new Error('the virus scanner is silent')));
      await once(socket, 'connect');
      socket.write('zINSTREAM\0');
      return createScan(socket);
    },
  };
}

function createScan(socket: Socket): Scan {
  const answer = text(socket);
  // Only who waits for the answer hears of a failure; without this an aborted scan would end the process.
  answer.catch(() => undefined);
  return {
    push: async (bytes) => {
      socket.write(toLength(bytes.length));
      if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), failOnEnd(answer)]);
    },
    finish: async () => {
      socket.write(toLength(0));
      return readVerdict(await answer);
    },
    abort: () => socket.destroy(),
  };
}

/** clamd answers early only to say that it has had enough. */
async function failOnEnd(answer: Promise<string>): Promise<never> {
  throw new Error(`the virus scanner stopped: ${readReason(await answer)}`);
}

function toLength(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** `stream: OK`, `stream: <name> FOUND`, or words that end in `ERROR`. */
function readVerdict(answer: string): ScanVerdict {
  const reason = readReason(answer);
  if (reason === 'stream: OK') return { isInfected: false };
  const found = /^stream: (.+) FOUND$/.exec(reason);
  if (!found) throw new Error(`the virus scanner failed: ${reason}`);
  return { isInfected: true, ...(found[1] !== undefined && { finding: found[1] }) };
}

function readReason(answer: string): string {
  return answer.replaceAll('\0', '').trim();
}
