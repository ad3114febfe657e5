import type { PdfColumns, PdfField, PdfFields } from '../pdf-document.ts';
import type { Sheet } from '../sheet.ts';
import { styles } from '../style.ts';
import type { TextLine } from '../text/typesetter.ts';
import { cellWidth, drawCells, heightOf } from './grid.ts';
import { drawHeading } from './heading.ts';

const defaultPerRow = 3;
const rowGap = 8;

export function drawFields(sheet: Sheet, { heading, fields, perRow = defaultPerRow }: PdfFields): void {
  const rows = toRows(fields, perRow).map((row) => row.map((field) => toCell(sheet, field, perRow)));
  drawHeading(sheet, heading, Math.max(0, ...(rows[0] ?? []).map(heightOf)));
  for (const [index, cells] of rows.entries()) {
    if (index > 0) sheet.y += rowGap;
    drawCells(sheet, cells, perRow);
  }
}

export function drawColumns(sheet: Sheet, { columns }: PdfColumns): void {
  const width = cellWidth(columns.length);
  const cells = columns.map(({ heading, lines }) => [
    ...sheet.text.wrap(heading, styles.heading, width),
    ...lines.flatMap((line) => sheet.text.wrap(line, styles.value, width)),
  ]);
  drawCells(sheet, cells, columns.length);
}

function toCell(sheet: Sheet, { label, value }: PdfField, perRow: number): TextLine[] {
  const width = cellWidth(perRow);
  return [...sheet.text.wrap(label, styles.label, width), ...sheet.text.wrap(value, styles.value, width)];
}

function toRows<T>(items: readonly T[], perRow: number): T[][] {
  const count = Math.ceil(items.length / perRow);
  return Array.from({ length: count }, (_, row) => items.slice(row * perRow, (row + 1) * perRow));
}
