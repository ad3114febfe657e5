import { FileError } from '../file.error.ts';
import type { ByteFeed, Parsing } from './byte-feed.ts';

/** Readers look for the end this far from the last byte (ISO 32000-1 annex H.3, note 18). */
const tailBytes = 1024;

/**
 * Reads a PDF to its end, which must be where a PDF ends: what could hang behind it is no part of it.
 * @throws FileError `FILE_MALFORMED`, `FILE_AMBIGUOUS`
 */
export function* parsePdf(feed: ByteFeed): Parsing<null> {
  while (!feed.isEnded) {
    yield;
    if (!feed.isEnded) feed.drop(Math.max(0, feed.available.length - tailBytes));
  }
  const tail = feed.available.toString('latin1');
  feed.drop(feed.available.length);
  const end = tail.lastIndexOf('%%EOF');
  if (end === -1) throw new FileError('FILE_MALFORMED');
  if (/[^\s\0]/.test(tail.slice(end + '%%EOF'.length))) throw new FileError('FILE_AMBIGUOUS');
  return null;
}
