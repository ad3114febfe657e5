import type { ContentType } from './content-type.ts';

/** How far from the first byte PDF readers and browsers look for what a content is. */
const headBytes = 1024;
/** A ZIP is told by a record at its end, 22 bytes and a comment of at most 65535 (APPNOTE.TXT §4.3.16). */
const tailBytes = 22 + 0xffff;
const zipEnd = Buffer.from('PK\u0005\u0006', 'latin1');
/** Not an XML declaration: the metadata of pictures and of PDFs are XML, and make no web page of them. */
const markup = /<(?:!doctype|html|head|body|script|svg|iframe|\?php)\b/i;

/**
 * Watches whether a content could also pass for another type: a ZIP (a JAR, an office document) by its end, a PDF or a web
 * page by its beginning. Such a content means one thing to us and another to whoever opens it.
 */
export class SecondTypeWatch {
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    if (this.#head.length < headBytes) {
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, headBytes - this.#head.length)]);
    }
    const isLong = bytes.length >= tailBytes;
    this.#tail = (isLong ? bytes : Buffer.concat([this.#tail, bytes])).subarray(-tailBytes);
  }

  /** Asked once everything has been seen. */
  isSecondTypeFound(type: ContentType): boolean {
    const head = this.#head.toString('latin1');
    const isPdfToo = type !== 'application/pdf' && head.includes('%PDF-');
    return isPdfToo || markup.test(head) || this.#tail.includes(zipEnd);
  }
}
