/** Language of the words that the layout itself adds, and of the document's `/Lang`. */
export type PdfLocale = 'en' | 'hi';

/** What a coloured text says at a glance. */
export type PdfTone = 'good' | 'bad' | 'neutral';

/** A document as plain data. Every text is shown as it is: nothing in it is taken for markup. */
export interface PdfDocument {
  readonly locale: PdfLocale;
  /** Who issues it, and what the reader needs to reach them: address, phone, tax number. At the left of the band. */
  readonly issuer: { readonly name: string; readonly lines: readonly string[] };
  /** What it is, such as "Payment receipt". At the right of the band, and the PDF's title. */
  readonly title: string;
  /** Its number, below the title and on each further page. */
  readonly reference: string;
  /** State in a word or two, such as "PAID". Default: none. */
  readonly status?: { readonly text: string; readonly tone: PdfTone };
  /** When it was issued: it becomes the PDF's creation date, so it must come from the data and not from a clock. */
  readonly issuedAt: Date;
  readonly blocks: readonly PdfBlock[];
  /** Small print at the foot of each page. */
  readonly footnotes: readonly string[];
}

/** A part of a document, from top to bottom. */
export type PdfBlock = PdfFields | PdfColumns | PdfTable | PdfTotals | PdfParagraph;

export interface PdfField {
  readonly label: string;
  readonly value: string;
}

/** Facts with their labels above them, several beside each other. */
export interface PdfFields {
  readonly kind: 'fields';
  readonly heading?: string;
  readonly fields: readonly PdfField[];
  /** How many stand beside each other. Default 3. */
  readonly perRow?: number;
}

/** Addresses and the like beside each other, each with a heading. */
export interface PdfColumns {
  readonly kind: 'columns';
  readonly columns: readonly { readonly heading: string; readonly lines: readonly string[] }[];
}

export interface PdfTableColumn {
  readonly header: string;
  /** Share of the width, relative to the other columns. */
  readonly share: number;
  /** Amounts stand at the right. Default `left`. */
  readonly align?: 'left' | 'right';
}

/** Rows below a header that is repeated on each page the table reaches. */
export interface PdfTable {
  readonly kind: 'table';
  readonly heading?: string;
  readonly columns: readonly PdfTableColumn[];
  /** One text per column. */
  readonly rows: readonly (readonly string[])[];
}

/** A column of sums at the right, never broken over pages. */
export interface PdfTotals {
  readonly kind: 'totals';
  readonly lines: readonly (PdfField & {
    /** The sum that matters. Default false. */
    readonly isGrand?: boolean;
  })[];
}

/** Running text; a newline in it begins a new line. */
export interface PdfParagraph {
  readonly kind: 'paragraph';
  readonly heading?: string;
  readonly text: string;
}
