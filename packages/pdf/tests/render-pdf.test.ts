import { describe, expect, it } from 'vitest';
import { type PdfDocument, renderPdf } from '../src/index.ts';
import { createBill, hindiReceipt, hindiWords, receipt } from './document.fixture.ts';
import { readActualTexts, readPages, readTexts } from './read-pdf.fixture.ts';

const a4 = { width: 595.28, margin: 44, bottom: 70 };

function withText(text: string): PdfDocument {
  return {
    ...receipt,
    issuer: { name: text, lines: [text] },
    blocks: [
      { kind: 'fields', fields: [{ label: text, value: text }] },
      { kind: 'table', columns: [{ header: text, share: 1 }], rows: [[text]] },
      { kind: 'totals', lines: [{ label: text, value: text }] },
      { kind: 'paragraph', heading: text, text },
    ],
    footnotes: [text],
  };
}

describe('the bytes', () => {
  it('are the same for the same data, whatever was rendered before', async () => {
    const first = await renderPdf(hindiReceipt);
    await renderPdf(receipt);
    expect((await renderPdf(structuredClone(hindiReceipt))).equals(first)).toBe(true);
  });

  it('take their date from the data', async () => {
    const later = { ...receipt, issuedAt: new Date('2027-01-02T03:04:05Z') };
    const pdf = await renderPdf(later);
    expect(pdf.toString('latin1')).toContain('D:20270102030405Z');
    expect(pdf.equals(await renderPdf(receipt))).toBe(false);
  });
});

describe('the text', () => {
  it('is found by another library as it was given, with the signs of rupee and naira', async () => {
    const texts = await readTexts(await renderPdf(receipt));
    expect(texts).toEqual(
      expect.arrayContaining([
        'Payment receipt',
        'RCPT-2026-000042',
        'PAID',
        'Energy charges, 182 units',
        '₹1,563.06',
        'Page 1 of 1',
      ]),
    );
    expect(texts.join(' ')).toContain('₦28,134.00');
  });

  // This reader puts a space where a mark is moved to its letter, and does not know /ActualText.
  it('is found in the order in which Devanagari is written, not drawn', async () => {
    const texts = (await readTexts(await renderPdf(hindiReceipt))).join('').replaceAll(' ', '');
    for (const word of hindiWords) expect(texts).toContain(word);
    expect(texts).toContain('इसपरहस्ताक्षरकीआवश्यकतानहींहै।');
    expect(texts).toContain('पृष्ठ1/1');
  });

  it('is given whole, as actual text, where there is Devanagari', async () => {
    const texts = readActualTexts(await renderPdf(hindiReceipt));
    expect(texts).toEqual(expect.arrayContaining(['श्रीमती आशा देशपांडे', hindiWords.join(' ')]));
    expect(readActualTexts(await renderPdf(receipt))).toEqual([]);
  });

  it('keeps the characters no house font has', async () => {
    const texts = await readTexts(await renderPdf(withText('before 漢 after')));
    expect(texts.filter((text) => text === 'before 漢 after').length).toBeGreaterThan(3);
  });

  it('loses what would turn it around or hide in it', async () => {
    const texts = await readTexts(await renderPdf(withText('pay\u202e 001 \u2066\u200b\u0000₹\u0007')));
    expect(texts).toContain('pay 001 ₹');
  });

  it.each(['', 'w'.repeat(300), 'क्षत्रि'.repeat(80), 'two words '.repeat(60)])(
    'stays between the margins: %#',
    async (text) => {
      const pages = await readPages(await renderPdf(withText(text)));
      for (const { left, right } of pages.flat()) {
        expect(left).toBeGreaterThanOrEqual(a4.margin - 1);
        expect(right).toBeLessThanOrEqual(a4.width - a4.margin + 1);
      }
    },
  );
});

describe('a table', () => {
  it('goes on over pages, each with the header, each row once', async () => {
    const pages = await readPages(await renderPdf(createBill(200)));
    expect(pages.length).toBeGreaterThan(4);
    const texts = pages.map((page) => page.map(({ text }) => text));
    for (const [index, page] of texts.entries()) {
      for (const header of ['No.', 'What', 'Units', 'Amount']) expect(page).toContain(header);
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
      expect(page).toContain('Pay before the due date to avoid a surcharge.');
    }
    const rows = texts.flat().filter((text) => text.startsWith('Reading ') && text.endsWith('block C'));
    expect(rows).toEqual(Array.from({ length: 200 }, (_, i) => `Reading ${i + 1} of the meter in block C`));
  });

  it('ends above the footer on each page', async () => {
    const pages = await readPages(await renderPdf(createBill(200)));
    for (const { bottom } of pages.flat().filter(({ text }) => text.startsWith('Reading '))) {
      expect(bottom).toBeGreaterThan(a4.bottom);
    }
  });

  it('breaks a row that no page could take, and loses none of it', async () => {
    const words = Array.from({ length: 900 }, (_, index) => `word${index}`);
    const bill = createBill(1);
    const blocks = bill.blocks.map((block) =>
      block.kind === 'table' ? { ...block, rows: [['1', words.join(' '), '3', '₹21.00']] } : block,
    );
    const texts = await readTexts(await renderPdf({ ...bill, blocks }));
    expect(texts.join(' ').match(/word\d+/g)).toEqual(words);
  });
});

it('refuses a document without end', async () => {
  const endless = { kind: 'paragraph', text: '\n'.repeat(60_000) } as const;
  await expect(renderPdf({ ...receipt, blocks: [endless] })).rejects.toThrow(RangeError);
});
