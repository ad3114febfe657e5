import { FileError } from '../file.error.ts';
import { type ByteFeed, type Parsing, peek, skip, skipTo, take } from './byte-feed.ts';
import type { ImageSize } from './image-size.ts';

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const marker = 0xff;
const samsungEnd = Buffer.from('SEFT');

/** Frame headers: SOF0 to SOF15 without the tables and the arithmetic-coding header that have numbers between them. */
const isFrame = (code: number) => code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);
/** Inside a scan these stand for a byte 0xff, fill bytes or restart points, not for a segment. */
const isPartOfScan = (code: number) => code === 0x00 || code === marker || (code >= 0xd0 && code <= 0xd7);

/**
 * Walks the segments of a JPEG (ITU-T T.81 annex B) to its end. Cameras put further pictures behind the first, such as a
 * preview or a gain map (CIPA DC-007): those are walked too, and the largest size counts.
 * @throws FileError `FILE_MALFORMED`
 */
export function* parseJpeg(feed: ByteFeed): Parsing<ImageSize> {
  let largest = yield* parsePicture(feed);
  while (yield* isPictureNext(feed)) {
    const next = yield* parsePicture(feed);
    if (next.width * next.height > largest.width * largest.height) largest = next;
  }
  yield* skipSamsungTrailer(feed);
  return largest;
}

/**
 * Samsung's cameras put data of their own behind most pictures: blocks that begin with two zeros, and at the very end the
 * word SEFT (https://exiftool.org/TagNames/Samsung.html#Trailer).
 * @throws FileError `FILE_AMBIGUOUS` when something else follows
 */
function* skipSamsungTrailer(feed: ByteFeed): Parsing<void> {
  while (feed.available.length < 2 && !feed.isEnded) yield;
  if (feed.available.length < 2 || feed.available.readUInt16BE() !== 0) return;
  while (!feed.isEnded) {
    yield;
    if (!feed.isEnded) feed.drop(Math.max(0, feed.available.length - samsungEnd.length));
  }
  if (!feed.available.subarray(-samsungEnd.length).equals(samsungEnd)) throw new FileError('FILE_AMBIGUOUS');
  feed.drop(feed.available.length);
}

function* isPictureNext(feed: ByteFeed): Parsing<boolean> {
  while (feed.available.length < 2 && !feed.isEnded) yield;
  return feed.available[0] === marker && feed.available[1] === startOfImage;
}

function* parsePicture(feed: ByteFeed): Parsing<ImageSize> {
  let size: ImageSize | undefined;
  yield* skip(feed, 2);
  for (let code = yield* readMarker(feed); code !== endOfImage; code = yield* readMarker(feed)) {
    const length = (yield* take(feed, 2)).readUInt16BE();
    if (length < 2) throw new FileError('FILE_MALFORMED');
    if (isFrame(code)) size = yield* readFrame(feed, length - 2);
    else yield* skip(feed, length - 2);
    if (code === startOfScan) yield* skipScan(feed);
  }
  if (!size) throw new FileError('FILE_MALFORMED');
  return size;
}

function* readMarker(feed: ByteFeed): Parsing<number> {
  if ((yield* take(feed, 1))[0] !== marker) throw new FileError('FILE_MALFORMED');
  for (;;) {
    const code = (yield* take(feed, 1))[0];
    if (code !== marker && code !== undefined) return code;
  }
}

function* readFrame(feed: ByteFeed, length: number): Parsing<ImageSize> {
  if (length < 6) throw new FileError('FILE_MALFORMED');
  const frame = yield* take(feed, length);
  return { height: frame.readUInt16BE(1), width: frame.readUInt16BE(3) };
}

/** Leaves the marker that ends the scan. */
function* skipScan(feed: ByteFeed): Parsing<void> {
  for (;;) {
    yield* skipTo(feed, marker);
    const code = (yield* peek(feed, 2))[1];
    if (code === undefined || !isPartOfScan(code)) return;
    // Of two 0xff the second may begin a marker.
    feed.drop(code === marker ? 1 : 2);
  }
}
