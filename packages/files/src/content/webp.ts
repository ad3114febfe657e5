import { FileError } from '../file.error.ts';
import { type ByteFeed, type Parsing, skip, take } from './byte-feed.ts';
import type { ImageSize } from './image-size.ts';

/** Chunk name, chunk length, and as much of a chunk as tells the size. */
const startBytes = 8 + 10;

/**
 * Reads the size of a WebP and walks to the end that its container names
 * (https://developers.google.com/speed/webp/docs/riff_container).
 * @throws FileError `FILE_MALFORMED`
 */
export function* parseWebp(feed: ByteFeed): Parsing<ImageSize> {
  const length = (yield* take(feed, 12)).readUInt32LE(4);
  // The length counts from the word WEBP, and is even.
  const rest = length + (length % 2) - 4;
  if (rest < startBytes) throw new FileError('FILE_MALFORMED');
  const size = readSize(yield* take(feed, startBytes));
  yield* skip(feed, rest - startBytes);
  return size;
}

function readSize(start: Buffer): ImageSize {
  const chunk = start.subarray(8);
  switch (start.toString('latin1', 0, 4)) {
    case 'VP8X':
      return { width: chunk.readUIntLE(4, 3) + 1, height: chunk.readUIntLE(7, 3) + 1 };
    case 'VP8L':
      return {
        width: (chunk.readUInt32LE(1) & 0x3fff) + 1,
        height: ((chunk.readUInt32LE(1) >>> 14) & 0x3fff) + 1,
      };
    case 'VP8 ':
      return { width: chunk.readUInt16LE(6) & 0x3fff, height: chunk.readUInt16LE(8) & 0x3fff };
    default:
      throw new FileError('FILE_MALFORMED');
  }
}
