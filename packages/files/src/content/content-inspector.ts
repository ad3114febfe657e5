import { FileError } from '../file.error.ts';
import { ByteFeed, type Parsing } from './byte-feed.ts';
import type { ContentObserver } from './content-observer.ts';
import { type ContentType, findContentType, signatureBytes } from './content-type.ts';
import type { ImageSize } from './image-size.ts';
import { parseJpeg } from './jpeg.ts';
import { parsePdf } from './pdf.ts';
import { parsePng } from './png.ts';
import { SecondTypeWatch } from './second-type.ts';
import { parseWebp } from './webp.ts';

/** What a content turned out to be. */
export interface ContentFacts {
  readonly contentType: ContentType;
  /** Null when it is no image. */
  readonly size: ImageSize | null;
}

/** What may be in it. */
export interface ContentRules {
  readonly types: readonly ContentType[];
  /** What the uploader said it is. */
  readonly declaredType: string | null;
  /** Largest width times height. */
  readonly maxPixels: number;
}

const parsers: Record<ContentType, (feed: ByteFeed) => Parsing<ImageSize | null>> = {
  'image/jpeg': parseJpeg,
  'image/png': parsePng,
  'image/webp': parseWebp,
  'application/pdf': parsePdf,
};

/**
 * Tells a content's type from the content alone and reads it to its end: it must be of that type from the first byte to
 * the last. An image's size is read from its header, before anybody decodes it.
 */
export class ContentInspector implements ContentObserver {
  readonly #rules: ContentRules;
  readonly #feed = new ByteFeed();
  readonly #secondType = new SecondTypeWatch();
  #type: ContentType | undefined;
  #parsing: Parsing<ImageSize | null> | undefined;
  #result: { readonly size: ImageSize | null } | undefined;

  constructor(rules: ContentRules) {
    this.#rules = rules;
  }

  /** Known once the content has ended. */
  get facts(): ContentFacts {
    if (!this.#type || !this.#result) throw new Error('the content has not ended');
    return { contentType: this.#type, size: this.#result.size };
  }

  /** @throws FileError */
  push(bytes: Buffer): void {
    this.#secondType.push(bytes);
    this.#feed.append(bytes);
    if (this.#feed.available.length >= signatureBytes) this.#advance();
  }

  /** @throws FileError */
  end(): void {
    this.#feed.end();
    this.#advance();
    if (!this.#type || !this.#result) throw new FileError('FILE_MALFORMED');
    if (this.#secondType.isSecondTypeFound(this.#type)) throw new FileError('FILE_AMBIGUOUS');
  }

  #advance(): void {
    this.#type ??= this.#detect();
    this.#parsing ??= parsers[this.#type](this.#feed);
    if (!this.#result) {
      const { done, value } = this.#parsing.next();
      if (done) this.#finish(value);
    }
    if (this.#result && this.#feed.available.length > 0) throw new FileError('FILE_AMBIGUOUS');
  }

  #detect(): ContentType {
    const { types, declaredType } = this.#rules;
    const found = findContentType(this.#feed.available);
    if (!found || !types.includes(found)) throw new FileError('FILE_TYPE_NOT_ALLOWED');
    if (declaredType !== null && declaredType !== found) throw new FileError('FILE_TYPE_MISMATCH');
    return found;
  }

  #finish(size: ImageSize | null): void {
    if (size && size.width * size.height === 0) throw new FileError('FILE_MALFORMED');
    if (size && size.width * size.height > this.#rules.maxPixels)
      throw new FileError('IMAGE_TOO_MANY_PIXELS');
    this.#result = { size };
  }
}
