import type { PdfParagraph } from '../pdf-document.ts';
import type { Sheet } from '../sheet.ts';
import { contentWidth, page, styles } from '../style.ts';
import { lineHeight } from '../text/typesetter.ts';
import { drawHeading } from './heading.ts';

const height = lineHeight(styles.paragraph);

export function drawParagraph(sheet: Sheet, { heading, text }: PdfParagraph): void {
  drawHeading(sheet, heading, height);
  for (const part of text.split('\n')) {
    for (const line of sheet.text.wrap(part, styles.paragraph, contentWidth)) {
      sheet.ensureRoom(height);
      sheet.text.draw(line, { x: page.margin, y: sheet.y, width: contentWidth });
      sheet.y += height;
    }
  }
}
