import { inflateSync } from 'node:zlib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A text as another library finds it, with the room it takes, in points. */
export interface FoundText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  /** From the bottom of the page. */
  readonly bottom: number;
}

/** The texts of each page, in the order of the file, as Firefox's reader finds them. */
export async function readPages(pdf: Buffer): Promise<FoundText[][]> {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  const pages = await Promise.all(
    Array.from({ length: document.numPages }, async (_, index) => {
      const { items } = await (await document.getPage(index + 1)).getTextContent();
      return items.flatMap((item) => ('str' in item && item.str.trim() !== '' ? [toFound(item)] : []));
    }),
  );
  await loading.destroy();
  return pages;
}

function toFound({ str, transform, width }: { str: string; transform: number[]; width: number }): FoundText {
  const [left, bottom] = [transform[4]!, transform[5]!];
  return { text: str, left, right: left + width, bottom };
}

export async function readTexts(pdf: Buffer): Promise<string[]> {
  return (await readPages(pdf)).flat().map(({ text }) => text);
}

/** The texts that the file gives for what is drawn in another order (`/ActualText`). */
export function readActualTexts(pdf: Buffer): string[] {
  const source = pdf.toString('latin1');
  const streams = [...source.matchAll(/FlateDecode\n>>\nstream\n(.*?)\nendstream/gs)].map(([, body]) =>
    inflate(body!),
  );
  return streams.flatMap((stream) =>
    [...stream.matchAll(/\/ActualText \(\u00fe\u00ff(.*?)\)\n?>> BDC/gs)].map(([, text]) => decode(text!)),
  );
}

function inflate(body: string): string {
  return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** A string of a PDF: escapes (ISO 32000-1 §7.3.4.2) over UTF-16BE. */
function decode(text: string): string {
  const bytes = text.replaceAll(/\\(.)/gs, (_, sign: string) => escapes[sign] ?? sign);
  return Buffer.from(bytes, 'latin1').swap16().toString('utf16le');
}
