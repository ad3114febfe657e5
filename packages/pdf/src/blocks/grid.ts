import type { Sheet } from '../sheet.ts';
import { contentWidth, page } from '../style.ts';
import { lineHeight, type TextLine } from '../text/typesetter.ts';

const gutter = 18;

export function heightOf(lines: readonly TextLine[]): number {
  return lines.reduce((height, { style }) => height + lineHeight(style), 0);
}

/** Width of each of `count` cells that stand beside each other. */
export function cellWidth(count: number): number {
  return (contentWidth - gutter * (count - 1)) / count;
}

/** Draws cells beside each other; together they are never broken over pages. */
export function drawCells(sheet: Sheet, cells: readonly (readonly TextLine[])[], count: number): void {
  const width = cellWidth(count);
  const height = Math.max(0, ...cells.map(heightOf));
  sheet.ensureRoom(height);
  for (const [index, lines] of cells.entries()) {
    sheet.text.drawAll(lines, { x: page.margin + index * (width + gutter), y: sheet.y, width });
  }
  sheet.y += height;
}
