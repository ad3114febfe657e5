import type { Chunk } from '../outlet.ts';

/** Payloads from this size on are not copied into each frame: all frames share them. */
const sharedFromBytes = 16 * 1024;
const tail = Buffer.from('}');

/** What stands before the payload in every `next` message of an operation. */
export function toNextHead(id: string): Buffer {
  return Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
}

/** The frame of a `next` message, ready for the wire. */
export function toNextFrame(head: Buffer, payload: Buffer): Chunk {
  const length = head.length + payload.length + tail.length;
  if (payload.length >= sharedFromBytes) return [Buffer.concat([toHeader(length), head]), payload, tail];
  const headerLength = headerLengthOf(length);
  const frame = Buffer.allocUnsafe(headerLength + length);
  writeHeader(frame, length);
  head.copy(frame, headerLength);
  payload.copy(frame, headerLength + head.length);
  frame[frame.length - 1] = tail[0] as number;
  return [frame];
}

/** The frame of any other message. */
export function toFrame(message: object): Chunk {
  const text = Buffer.from(JSON.stringify(message));
  return [Buffer.concat([toHeader(text.length), text])];
}

function toHeader(length: number): Buffer {
  const header = Buffer.allocUnsafe(headerLengthOf(length));
  writeHeader(header, length);
  return header;
}

function headerLengthOf(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

/** A whole text message in one frame, unmasked as a server sends it (RFC 6455 §5.2). */
function writeHeader(frame: Buffer, length: number): void {
  frame[0] = 0x81;
  if (length < 126) {
    frame[1] = length;
  } else if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
}
