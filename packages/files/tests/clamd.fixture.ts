import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import type { ClamdOptions } from '../src/index.ts';

/** A stand-in for ClamAV's daemon that speaks INSTREAM, and finds what contains `EICAR`. */
export interface FakeClamd extends ClamdOptions, AsyncDisposable {
  /** What it was sent, whole. */
  readonly scanned: Buffer[];
}

interface Behaviour {
  /** Most bytes it takes, its `StreamMaxLength`. */
  readonly maxBytes?: number;
  /** Hangs up instead of answering. */
  readonly isBroken?: boolean;
}

export async function startClamd({
  maxBytes = Number.MAX_SAFE_INTEGER,
  isBroken = false,
}: Behaviour = {}): Promise<FakeClamd> {
  const scanned: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const content = readStream(received);
      if (content === 'malformed') socket.end('UNKNOWN COMMAND\0');
      else if (received.length > maxBytes) socket.end('INSTREAM size limit exceeded. ERROR\0');
      else if (content !== null && isBroken) socket.destroy();
      else if (content !== null) {
        scanned.push(content);
        socket.end(content.includes('EICAR') ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    scanned,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The content once its last chunk, of length zero, is there; null before. */
function readStream(received: Buffer): Buffer | null | 'malformed' {
  const command = 'zINSTREAM\0';
  if (received.length < command.length) return null;
  if (received.toString('latin1', 0, command.length) !== command) return 'malformed';
  const chunks: Buffer[] = [];
  for (let position = command.length; position + 4 <= received.length; ) {
    const length = received.readUInt32BE(position);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(received.subarray(position + 4, position + 4 + length));
    position += 4 + length;
  }
  return null;
}
