import type PDFDocument from 'pdfkit';
import type { TextStyle } from '../style.ts';
import { cleanText } from './clean-text.ts';

/** One line of text, ready to be drawn. */
export interface TextLine {
  readonly text: string;
  readonly width: number;
  readonly style: TextStyle;
}

export type Align = 'left' | 'right';

/** Room for a line in relation to its size: Devanagari reaches higher and lower than Latin. */
const lineHeightFactor = 1.45;
/** Where in that room the letters stand. */
const baselineFactor = 1.05;

/**
 * Readers guess a space where a mark of Devanagari is moved to its letter; those that know `/ActualText`
 * (ISO 32000-1 §14.9.4) need not guess.
 */
const devanagari = /\p{Script=Devanagari}/u;

const graphemes = new Intl.Segmenter('hi', { granularity: 'grapheme' });

export function lineHeight({ size }: TextStyle): number {
  return size * lineHeightFactor;
}

/** Breaks texts into lines and draws them. */
export class Typesetter {
  readonly #pdf: InstanceType<typeof PDFDocument>;

  constructor(pdf: InstanceType<typeof PDFDocument>) {
    this.#pdf = pdf;
  }

  /** Lines no wider than `width`, broken between words, or inside one that is wider than a line. */
  wrap(text: string, style: TextStyle, width: number): TextLine[] {
    const words = cleanText(text)
      .split(' ')
      .flatMap((word) => this.#fit(word, style, width));
    const lines: TextLine[] = [];
    let current = words.shift() ?? '';
    for (const word of words) {
      const longer = `${current} ${word}`;
      if (this.measure(longer, style) <= width) current = longer;
      else {
        lines.push(this.toLine(current, style));
        current = word;
      }
    }
    return [...lines, this.toLine(current, style)];
  }

  /** The text on one line, cut with an ellipsis when it is wider. */
  cut(text: string, style: TextStyle, width: number): TextLine {
    const clean = cleanText(text);
    if (this.measure(clean, style) <= width) return this.toLine(clean, style);
    const [head = ''] = this.#fit(clean, style, width - this.measure('…', style));
    return this.toLine(`${head}…`, style);
  }

  toLine(text: string, style: TextStyle): TextLine {
    return { text, style, width: this.measure(text, style) };
  }

  measure(text: string, { weight, size }: TextStyle): number {
    return this.#pdf.font(weight).fontSize(size).widthOfString(text);
  }

  /** Draws a line in the box whose upper left corner is `x`, `y`. */
  draw({ text, width, style }: TextLine, box: { x: number; y: number; width: number; align?: Align }): void {
    const x = box.align === 'right' ? box.x + box.width - width : box.x;
    const baselineY = box.y + style.size * baselineFactor;
    const hasMovedMarks = devanagari.test(text);
    if (hasMovedMarks) this.#pdf.markContent('Span', { actual: text });
    this.#pdf.font(style.weight).fontSize(style.size).fillColor(style.color);
    this.#pdf.text(text, x, baselineY, { lineBreak: false, baseline: 'alphabetic' });
    if (hasMovedMarks) this.#pdf.endMarkedContent();
  }

  /** Draws lines below each other and answers the height they took. */
  drawAll(lines: readonly TextLine[], box: { x: number; y: number; width: number; align?: Align }): number {
    let { y } = box;
    for (const line of lines) {
      this.draw(line, { ...box, y });
      y += lineHeight(line.style);
    }
    return y - box.y;
  }

  /** The word, or its parts when it is wider than a line: broken between what readers take for characters. */
  #fit(word: string, style: TextStyle, width: number): string[] {
    if (this.measure(word, style) <= width) return [word];
    const parts = [''];
    for (const { segment } of graphemes.segment(word)) {
      const longer = `${parts.at(-1)}${segment}`;
      if (this.measure(longer, style) <= width || longer === segment) parts[parts.length - 1] = longer;
      else parts.push(segment);
    }
    return parts;
  }
}
