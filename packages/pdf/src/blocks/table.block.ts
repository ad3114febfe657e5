import type { PdfTable, PdfTableColumn } from '../pdf-document.ts';
import type { Sheet } from '../sheet.ts';
import { colors, contentWidth, page, styles, type TextStyle } from '../style.ts';
import { type Align, lineHeight, type TextLine } from '../text/typesetter.ts';
import { drawHeading } from './heading.ts';

const padding = { x: 6, y: 4.5 };

/** Where a column stands. */
interface Slot {
  readonly x: number;
  readonly width: number;
  readonly align: Align;
}

/** The lines of each cell of a row, in the order of the slots. */
type Row = readonly (readonly TextLine[])[];

export function drawTable(sheet: Sheet, { heading, columns, rows }: PdfTable): void {
  const slots = toSlots(columns);
  const headers = columns.map(({ header }) => header);
  const header = toRow(sheet, slots, headers, styles.tableHeader);
  const body = rows.map((cells) => toRow(sheet, slots, cells, styles.cell));
  const start = rowHeight(header) + (body[0] ? rowHeight(body[0]) : 0);
  drawHeading(sheet, heading, start);
  sheet.ensureRoom(start);
  drawHeader(sheet, slots, header);
  for (const row of body) drawRow(sheet, slots, header, row);
}

/** Draws a row; what does not fit goes below the header on the next page. */
function drawRow(sheet: Sheet, slots: readonly Slot[], header: Row, row: Row): void {
  let rest = row;
  while (rowHeight(rest) > sheet.room) {
    const fitting = isBreakable(sheet, header, rest) ? fittingLines(sheet) : 0;
    if (fitting > 0) drawLines(sheet, slots, cut(rest, 0, fitting));
    rest = cut(rest, fitting);
    sheet.breakPage();
    drawHeader(sheet, slots, header);
  }
  drawLines(sheet, slots, rest);
}

/** A row is only broken when no page could take it whole. */
function isBreakable(sheet: Sheet, header: Row, row: Row): boolean {
  return rowHeight(row) > sheet.fullRoom - rowHeight(header);
}

function fittingLines(sheet: Sheet): number {
  return Math.max(0, Math.floor((sheet.room - 2 * padding.y) / lineHeight(styles.cell)));
}

function cut(row: Row, from: number, to?: number): Row {
  return row.map((lines) => lines.slice(from, to));
}

function drawHeader(sheet: Sheet, slots: readonly Slot[], header: Row): void {
  sheet.pdf.rect(page.margin, sheet.y, contentWidth, rowHeight(header)).fill(colors.shade);
  drawLines(sheet, slots, header);
}

function drawLines(sheet: Sheet, slots: readonly Slot[], row: Row): void {
  for (const [index, slot] of slots.entries()) {
    const box = { x: slot.x + padding.x, width: slot.width - 2 * padding.x, align: slot.align };
    sheet.text.drawAll(row[index] ?? [], { ...box, y: sheet.y + padding.y });
  }
  sheet.y += rowHeight(row);
  const right = page.margin + contentWidth;
  sheet.pdf.moveTo(page.margin, sheet.y).lineTo(right, sheet.y).lineWidth(0.5).stroke(colors.line);
}

function rowHeight(row: Row): number {
  const heights = row.map((lines) => lines.reduce((height, { style }) => height + lineHeight(style), 0));
  return Math.max(0, ...heights) + 2 * padding.y;
}

function toRow({ text }: Sheet, slots: readonly Slot[], cells: readonly string[], style: TextStyle): Row {
  return slots.map(({ width }, index) => text.wrap(cells[index] ?? '', style, width - 2 * padding.x));
}

function toSlots(columns: readonly PdfTableColumn[]): Slot[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x: number = page.margin;
  return columns.map(({ share, align = 'left' }) => {
    const slot = { x, width: (contentWidth * share) / shares, align };
    x += slot.width;
    return slot;
  });
}
