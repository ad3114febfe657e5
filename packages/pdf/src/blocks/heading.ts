import type { Sheet } from '../sheet.ts';
import { contentWidth, page, styles } from '../style.ts';
import { lineHeight } from '../text/typesetter.ts';

const gapBelow = 5;

/** Draws the heading of a block, on the page on which `following` points of the block fit too. */
export function drawHeading(sheet: Sheet, heading: string | undefined, following: number): void {
  if (heading === undefined) return;
  const lines = sheet.text.wrap(heading, styles.heading, contentWidth);
  sheet.ensureRoom(lines.length * lineHeight(styles.heading) + gapBelow + following);
  sheet.y += sheet.text.drawAll(lines, { x: page.margin, y: sheet.y, width: contentWidth }) + gapBelow;
}
