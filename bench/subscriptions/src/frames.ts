/** What a client of the WebSocket protocol (RFC 6455) has to do, and no more: it must not be what is measured. */

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** A frame as clients send it, masked with zeros. */
function toFrame(opcode: number, payload: Buffer): Buffer {
  const extended = payload.length < 126 ? 0 : 2;
  const frame = Buffer.alloc(2 + extended + 4 + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended ? 126 : payload.length);
  if (extended) frame.writeUInt16BE(payload.length, 2);
  payload.copy(frame, 2 + extended + 4);
  return frame;
}

export function toTextFrame(message: object): Buffer {
  return toFrame(TEXT, Buffer.from(JSON.stringify(message)));
}

/** Reads frames out of the bytes of one connection. */
export class FrameReader {
  readonly #onText: (payload: Buffer) => void;
  readonly #reply: (frame: Buffer) => void;
  #rest: Buffer | undefined;

  constructor(onText: (payload: Buffer) => void, reply: (frame: Buffer) => void) {
    this.#onText = onText;
    this.#reply = reply;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (let end = endOfFrame(bytes, at); end <= bytes.length; end = endOfFrame(bytes, at)) {
      this.#take(bytes, at, end);
      at = end;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }

  #take(bytes: Buffer, at: number, end: number): void {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    const payload = bytes.subarray(at + headerLength(bytes, at), end);
    if (opcode === TEXT) this.#onText(payload);
    else if (opcode === PING) this.#reply(toFrame(PONG, payload));
    else if (opcode === CLOSE) throw new Error(`closed: ${payload.readUInt16BE(0)} ${payload.subarray(2)}`);
  }
}

function headerLength(bytes: Buffer, at: number): number {
  const length = (bytes[at + 1] ?? 0) & 0x7f;
  if (length < 126) return 2;
  return length === 126 ? 4 : 10;
}

/** Where the frame that begins at `at` ends; infinite when not enough of it is there to tell. */
function endOfFrame(bytes: Buffer, at: number): number {
  if (bytes.length < at + 2) return Number.POSITIVE_INFINITY;
  const header = headerLength(bytes, at);
  if (bytes.length < at + header) return Number.POSITIVE_INFINITY;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  if (header === 2) return at + header + short;
  return at + header + (header === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2)));
}
