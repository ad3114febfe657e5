import type PDFDocument from 'pdfkit';
import { page } from './style.ts';
import type { Typesetter } from './text/typesetter.ts';

/** A document is never longer: what asks for more is a fault, not a document. */
const maxPages = 1_000;

/** The pages of a document as they fill up, from top to bottom. */
export class Sheet {
  readonly pdf: InstanceType<typeof PDFDocument>;
  readonly text: Typesetter;
  /** Where the next thing goes, in points from the top. */
  y = 0;
  readonly #drawTop: (sheet: Sheet) => number;
  readonly #top: number;

  /** @param drawTop draws what stands at the top of every page but the first, and answers where it ends */
  constructor(
    pdf: InstanceType<typeof PDFDocument>,
    text: Typesetter,
    { top, drawTop }: { top: number; drawTop: (sheet: Sheet) => number },
  ) {
    this.pdf = pdf;
    this.text = text;
    this.#top = top;
    this.#drawTop = drawTop;
  }

  /** Height that is left on this page. */
  get room(): number {
    return page.height - page.bottom - this.y;
  }

  /** Height of an empty page that follows another. */
  get fullRoom(): number {
    return page.height - page.bottom - this.#top;
  }

  /**
   * Begins a page.
   * @throws RangeError when there are more than a document may have.
   */
  breakPage(): void {
    if (this.pdf.bufferedPageRange().count >= maxPages)
      throw new RangeError('the document has too many pages');
    this.pdf.addPage();
    this.y = this.#drawTop(this);
  }

  /** Begins a page unless `height` fits on this one, or would fit on none. */
  ensureRoom(height: number): void {
    if (height > this.room && height <= this.fullRoom) this.breakPage();
  }
}
