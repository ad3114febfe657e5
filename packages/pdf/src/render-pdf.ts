import { once } from 'node:events';
import PDFDocument from 'pdfkit';
import { drawBand, drawRunningBand, runningTop } from './band.ts';
import { drawColumns, drawFields } from './blocks/fields.block.ts';
import { drawParagraph } from './blocks/paragraph.block.ts';
import { drawTable } from './blocks/table.block.ts';
import { drawTotals } from './blocks/totals.block.ts';
import { drawFooters } from './footer.ts';
import type { PdfBlock, PdfDocument } from './pdf-document.ts';
import { Sheet } from './sheet.ts';
import { blockGap } from './style.ts';
import { cleanText } from './text/clean-text.ts';
import { createFonts } from './text/fonts.ts';
import { Typesetter } from './text/typesetter.ts';

/**
 * Renders a document in the house look. The same data give the same bytes on the same release: ids and dates in the file
 * come from the data.
 *
 * @throws RangeError when it would have more than a thousand pages.
 */
export async function renderPdf(document: PdfDocument): Promise<Buffer> {
  const pdf = createFile(document);
  // PDFKit takes a fontkit font as well as a file; its types know only files.
  for (const [name, font] of await createFonts()) pdf.registerFont(name, font as unknown as Buffer);
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const sheet = new Sheet(pdf, new Typesetter(pdf), {
    top: runningTop,
    drawTop: (next) => drawRunningBand(next, document),
  });
  drawBand(sheet, document);
  for (const [index, block] of document.blocks.entries()) {
    if (index > 0) sheet.y += blockGap;
    drawBlock(sheet, block);
  }
  drawFooters(sheet, document);
  const finished = once(pdf, 'end');
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}

function drawBlock(sheet: Sheet, block: PdfBlock): void {
  switch (block.kind) {
    case 'fields':
      drawFields(sheet, block);
      break;
    case 'columns':
      drawColumns(sheet, block);
      break;
    case 'table':
      drawTable(sheet, block);
      break;
    case 'totals':
      drawTotals(sheet, block);
      break;
    case 'paragraph':
      drawParagraph(sheet, block);
  }
}

function createFile({ locale, issuer, title, reference, issuedAt }: PdfDocument) {
  return new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    pdfVersion: '1.7',
    lang: locale,
    displayTitle: true,
    // PDFKit's /ID is a digest of this, so it too comes from the data.
    info: {
      Title: cleanText(`${title} ${reference}`),
      Author: cleanText(issuer.name),
      Creator: 'Suvidha',
      Producer: 'Suvidha',
      CreationDate: issuedAt,
    },
  });
}
