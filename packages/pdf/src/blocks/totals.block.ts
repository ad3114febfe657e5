import type { PdfTotals } from '../pdf-document.ts';
import type { Sheet } from '../sheet.ts';
import { colors, contentWidth, page, styles } from '../style.ts';
import { heightOf } from './grid.ts';

const width = contentWidth * 0.55;
const x = page.margin + contentWidth - width;
const padding = { x: 8, y: 4 };
const labelShare = 0.5;

export function drawTotals(sheet: Sheet, { lines }: PdfTotals): void {
  const rows = lines.map((line) => toRow(sheet, line));
  sheet.ensureRoom(rows.reduce((height, row) => height + row.height, 0));
  for (const row of rows) drawRow(sheet, row);
}

type TotalLine = PdfTotals['lines'][number];

function toRow({ text }: Sheet, { label, value, isGrand = false }: TotalLine) {
  const style = isGrand ? styles.grandTotal : styles.total;
  const inner = width - 2 * padding.x;
  const labelLines = text.wrap(label, style, inner * labelShare);
  const valueLines = text.wrap(value, style, inner * (1 - labelShare));
  const height = Math.max(heightOf(labelLines), heightOf(valueLines)) + 2 * padding.y;
  return { labelLines, valueLines, height, isGrand };
}

function drawRow(sheet: Sheet, { labelLines, valueLines, height, isGrand }: ReturnType<typeof toRow>): void {
  const { pdf, text, y } = sheet;
  if (isGrand) {
    pdf.rect(x, y, width, height).fill(colors.shade);
    pdf.rect(x, y, width, 1.5).fill(colors.accent);
  }
  const box = { x: x + padding.x, y: y + padding.y, width: width - 2 * padding.x };
  text.drawAll(labelLines, box);
  text.drawAll(valueLines, { ...box, align: 'right' });
  sheet.y += height;
}
