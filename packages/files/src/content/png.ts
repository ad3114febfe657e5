import { crc32 } from 'node:zlib';
import { FileError } from '../file.error.ts';
import { type ByteFeed, type Parsing, skip, take } from './byte-feed.ts';
import type { ImageSize } from './image-size.ts';

const signatureBytes = 8;
const headerLength = 13;
const maxChunkBytes = 0x7fff_ffff;

/**
 * Walks the chunks of a PNG from its first byte to the end of its last chunk (https://www.w3.org/TR/png-3/#5DataRep).
 * @throws FileError `FILE_MALFORMED`
 */
export function* parsePng(feed: ByteFeed): Parsing<ImageSize> {
  yield* skip(feed, signatureBytes);
  const size = yield* readHeader(feed);
  for (let name = ''; name !== 'IEND'; ) {
    const start = yield* take(feed, 8);
    const length = start.readUInt32BE(0);
    name = start.toString('latin1', 4, 8);
    if (length > maxChunkBytes || !/^[A-Za-z]{4}$/.test(name)) throw new FileError('FILE_MALFORMED');
    yield* skip(feed, length + 4);
  }
  return size;
}

function* readHeader(feed: ByteFeed): Parsing<ImageSize> {
  const chunk = yield* take(feed, 4 + 4 + headerLength + 4);
  const body = chunk.subarray(4, 8 + headerLength);
  const isHeader = chunk.readUInt32BE(0) === headerLength && body.toString('latin1', 0, 4) === 'IHDR';
  if (!isHeader || crc32(body) !== chunk.readUInt32BE(8 + headerLength))
    throw new FileError('FILE_MALFORMED');
  return { width: body.readUInt32BE(4), height: body.readUInt32BE(8) };
}
