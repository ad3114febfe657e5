import type { PdfDocument } from '../src/index.ts';

const issuedAt = new Date('2026-11-21T05:00:00Z');

export const receipt: PdfDocument = {
  locale: 'en',
  issuer: {
    name: 'Suvidha',
    lines: [
      '4 Residency Road, Bengaluru 560025',
      'support@suvidha.example · 1800 000 0000',
      'GSTIN 29ABCDE1234F1Z5',
    ],
  },
  title: 'Payment receipt',
  reference: 'RCPT-2026-000042',
  status: { text: 'PAID', tone: 'good' },
  issuedAt,
  blocks: [
    {
      kind: 'columns',
      columns: [
        { heading: 'Received from', lines: ['Asha Deshpande', '+91*****3210'] },
        { heading: 'Paid for', lines: ['Electricity bill BILL-2026-004711', 'Consumer 1002003004 · BESCOM'] },
      ],
    },
    {
      kind: 'fields',
      fields: [
        { label: 'Paid on', value: '21 November 2026, 10:30 IST' },
        { label: 'Method', value: 'UPI (Razorpay)' },
        { label: 'Vendor reference', value: 'pay_29QQoUBi66xm2f' },
      ],
    },
    {
      kind: 'table',
      columns: [
        { header: 'Description', share: 5 },
        { header: 'Period', share: 3 },
        { header: 'Amount', share: 2, align: 'right' },
      ],
      rows: [
        ['Energy charges, 182 units', '1–31 October 2026', '₹1,184.00'],
        ['Fixed charges', '1–31 October 2026', '₹250.00'],
        ['Electricity duty', '1–31 October 2026', '₹129.06'],
      ],
    },
    {
      kind: 'totals',
      lines: [
        { label: 'Subtotal', value: '₹1,434.00' },
        { label: 'Duty', value: '₹129.06' },
        { label: 'Amount received', value: '₹1,563.06', isGrand: true },
      ],
    },
    {
      kind: 'paragraph',
      text: 'Rupees one thousand five hundred sixty-three and six paise. The same amount in naira on that day: ₦28,134.00.',
    },
  ],
  footnotes: [
    'This receipt was made by a computer and needs no signature.',
    'Check it at https://suvidha.example/receipts with its number.',
  ],
};

/** Words whose letters are drawn in another order than they are written, or melt together. */
export const hindiWords = [
  'हिन्दी',
  'विद्युत',
  'क्षेत्र',
  'श्रीमती',
  'ज्ञानेश्वर',
  'कुर्की',
  'द्वितीय',
  'स्त्रियाँ',
  'ट्रैक्टर',
  'शक्ति',
];

export const hindiReceipt: PdfDocument = {
  locale: 'hi',
  issuer: { name: 'सुविधा', lines: ['4 रेजिडेंसी रोड, बेंगलुरु 560025', 'सहायता: 1800 000 0000'] },
  title: 'भुगतान रसीद',
  reference: 'RCPT-2026-000043',
  status: { text: 'भुगतान हो गया', tone: 'good' },
  issuedAt,
  blocks: [
    {
      kind: 'columns',
      columns: [
        { heading: 'किससे प्राप्त', lines: ['श्रीमती आशा देशपांडे', '+91*****3210'] },
        { heading: 'किसके लिए', lines: ['विद्युत बिल BILL-2026-004711', 'उपभोक्ता 1002003004 · BESCOM'] },
      ],
    },
    {
      kind: 'fields',
      fields: [
        { label: 'भुगतान की तिथि', value: '21 नवंबर 2026, 10:30 IST' },
        { label: 'माध्यम', value: 'UPI (Razorpay)' },
        { label: 'संदर्भ', value: 'pay_29QQoUBi66xm2f' },
      ],
    },
    {
      kind: 'table',
      columns: [
        { header: 'विवरण', share: 5 },
        { header: 'अवधि', share: 3 },
        { header: 'राशि', share: 2, align: 'right' },
      ],
      rows: [
        ['ऊर्जा शुल्क, 182 यूनिट', '1–31 अक्टूबर 2026', '₹1,184.00'],
        ['स्थायी शुल्क', '1–31 अक्टूबर 2026', '₹250.00'],
        ['विद्युत कर', '1–31 अक्टूबर 2026', '₹129.06'],
      ],
    },
    { kind: 'totals', lines: [{ label: 'कुल प्राप्त राशि', value: '₹1,563.06', isGrand: true }] },
    { kind: 'paragraph', heading: 'टिप्पणी', text: hindiWords.join(' ') },
  ],
  footnotes: ['यह रसीद कंप्यूटर द्वारा बनाई गई है और इस पर हस्ताक्षर की आवश्यकता नहीं है।'],
};

/** A bill whose table reaches over several pages. */
export function createBill(rowCount: number): PdfDocument {
  const rows = Array.from({ length: rowCount }, (_, index) => [
    String(index + 1),
    `Reading ${index + 1} of the meter in block C`,
    `${(index + 1) * 3}`,
    `₹${(index + 1) * 21}.00`,
  ]);
  return {
    locale: 'en',
    issuer: {
      name: 'Bangalore Electricity Supply Company Limited',
      lines: ['K. R. Circle, Bengaluru 560001'],
    },
    title: 'Electricity bill',
    reference: 'BILL-2026-004711',
    status: { text: 'DUE 5 DECEMBER 2026', tone: 'bad' },
    issuedAt,
    blocks: [
      {
        kind: 'fields',
        heading: 'Connection',
        fields: [
          { label: 'Consumer number', value: '1002003004' },
          { label: 'Tariff', value: 'LT-2a Domestic' },
          { label: 'Billing period', value: '1–31 October 2026' },
          {
            label: 'Service address',
            value: '12, 3rd Cross, Jayanagar 4th Block East, near the water tank, Bengaluru 560011',
          },
        ],
      },
      {
        kind: 'table',
        heading: 'Readings',
        columns: [
          { header: 'No.', share: 1, align: 'right' },
          { header: 'What', share: 6 },
          { header: 'Units', share: 2, align: 'right' },
          { header: 'Amount', share: 2, align: 'right' },
        ],
        rows,
      },
      {
        kind: 'totals',
        lines: [
          { label: 'Charges', value: '₹4,221.00' },
          { label: 'Arrears', value: '₹0.00' },
          { label: 'Amount due', value: '₹4,221.00', isGrand: true },
        ],
      },
    ],
    footnotes: ['Pay before the due date to avoid a surcharge.'],
  };
}
