import type { PdfDocument, PdfLocale } from './pdf-document.ts';
import type { Sheet } from './sheet.ts';
import { colors, contentWidth, page, styles } from './style.ts';
import { lineHeight } from './text/typesetter.ts';

const pageNumber: Record<PdfLocale, (number: number, count: number) => string> = {
  en: (number, count) => `Page ${number} of ${count}`,
  hi: (number, count) => `पृष्ठ ${number} / ${count}`,
};

const numberWidth = 90;
const ruleY = page.height - page.bottom + 16;

/** Small print and page numbers on all pages. The last thing to be drawn: only now is it known how many there are. */
export function drawFooters(sheet: Sheet, document: PdfDocument): void {
  const { count } = sheet.pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    sheet.pdf.switchToPage(index);
    drawFooter(sheet, document, pageNumber[document.locale](index + 1, count));
  }
}

function drawFooter({ pdf, text }: Sheet, { footnotes }: PdfDocument, number: string): void {
  const x = page.margin;
  const y = ruleY + 7;
  pdf
    .moveTo(x, ruleY)
    .lineTo(x + contentWidth, ruleY)
    .lineWidth(0.75)
    .stroke(colors.line);
  const width = contentWidth - numberWidth - 16;
  const fitting = Math.floor((page.height - y - 10) / lineHeight(styles.footnote));
  const lines = footnotes.flatMap((note) => text.wrap(note, styles.footnote, width));
  text.drawAll(lines.slice(0, fitting), { x, y, width });
  text.draw(text.toLine(number, styles.footnote), {
    x: x + contentWidth - numberWidth,
    y,
    width: numberWidth,
    align: 'right',
  });
}
