import type { PdfDocument } from './pdf-document.ts';
import type { Sheet } from './sheet.ts';
import { colors, contentWidth, page, styles, toneColors } from './style.ts';
import { lineHeight, type TextLine } from './text/typesetter.ts';

const padding = 26;
const ruleHeight = 3;
const gapBelow = 22;
const runningHeight = 30;
/** Where the content of a page begins that follows another. */
export const runningTop = runningHeight + ruleHeight + gapBelow;

const issuerWidth = contentWidth * 0.56;
const right = { x: page.margin + contentWidth * 0.6, width: contentWidth * 0.4, align: 'right' as const };

/** The band over the first page: who issues it and what it is. Moves the sheet below it. */
export function drawBand(sheet: Sheet, document: PdfDocument): void {
  const { text } = sheet;
  const issuer = [
    ...text.wrap(document.issuer.name, styles.issuer, issuerWidth),
    ...document.issuer.lines.flatMap((line) => text.wrap(line, styles.bandLine, issuerWidth)),
  ];
  const title = [
    ...text.wrap(document.title, styles.title, right.width),
    ...text.wrap(document.reference, styles.reference, right.width),
  ];
  const statusHeight = document.status ? statusBox.gap + statusBox.height : 0;
  const height = Math.max(sum(issuer), sum(title) + statusHeight) + 2 * padding;
  fillBand(sheet, height);
  text.drawAll(issuer, { x: page.margin, y: padding, width: issuerWidth });
  const titleHeight = text.drawAll(title, { ...right, y: padding });
  if (document.status) drawStatus(sheet, document.status, padding + titleHeight + statusBox.gap);
  sheet.y = height + ruleHeight + gapBelow;
}

/** The narrow band over each further page. Answers where the content begins. */
export function drawRunningBand(sheet: Sheet, document: PdfDocument): number {
  const { text } = sheet;
  const half = contentWidth / 2 - 8;
  const y = (runningHeight - lineHeight(styles.running)) / 2;
  fillBand(sheet, runningHeight);
  text.draw(text.cut(document.issuer.name, styles.running, half), { x: page.margin, y, width: half });
  const what = text.cut(`${document.title} · ${document.reference}`, styles.running, half);
  text.draw(what, { x: page.margin + contentWidth - half, y, width: half, align: 'right' });
  return runningTop;
}

function fillBand({ pdf }: Sheet, height: number): void {
  pdf.rect(0, 0, page.width, height).fill(colors.band);
  pdf.rect(0, height, page.width, ruleHeight).fill(colors.accent);
}

const statusBox = { gap: 8, height: 19, paddingX: 10, radius: 9.5 };

function drawStatus(sheet: Sheet, status: NonNullable<PdfDocument['status']>, y: number): void {
  const line = sheet.text.cut(status.text, styles.status, right.width - 2 * statusBox.paddingX);
  const width = line.width + 2 * statusBox.paddingX;
  const x = right.x + right.width - width;
  sheet.pdf.roundedRect(x, y, width, statusBox.height, statusBox.radius).fill(toneColors[status.tone]);
  const textY = y + (statusBox.height - lineHeight(styles.status)) / 2;
  sheet.text.draw(line, { x: x + statusBox.paddingX, y: textY, width: line.width });
}

function sum(lines: readonly TextLine[]): number {
  return lines.reduce((height, { style }) => height + lineHeight(style), 0);
}
