export type {
  PdfBlock,
  PdfColumns,
  PdfDocument,
  PdfField,
  PdfFields,
  PdfLocale,
  PdfParagraph,
  PdfTable,
  PdfTableColumn,
  PdfTone,
  PdfTotals,
} from './pdf-document.ts';
export { renderPdf } from './render-pdf.ts';
