import { describe, expect, it } from 'vitest';
import { toSafeFileName } from './file-name.ts';
import { toContentDisposition } from './http/content-disposition.ts';

describe('a file name from outside', () => {
  it.each([
    ['Aadhaar card.pdf', 'Aadhaar card.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\asha\\card.png', 'card.png'],
    ['.htaccess', 'htaccess'],
    ['रसीद.pdf', 'रसीद.pdf'],
    ['a\r\nset-cookie: x.pdf', 'a__set-cookie_ x.pdf'],
    ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
    ['क्\u200dष.pdf', 'क्\u200dष.pdf'],
    ['   ', null],
    ['..', null],
    ['', null],
  ])('is made safe: %j', (name, safe) => {
    expect(toSafeFileName(name)).toBe(safe);
  });

  it('is shortened before its ending', () => {
    const name = toSafeFileName(`${'ज'.repeat(400)}.pdf`);
    expect([...(name ?? '')]).toHaveLength(150);
    expect(name).toMatch(/ज\.pdf$/);
  });
});

describe('the header with the name', () => {
  it.each([
    ['receipt.pdf', 'application/pdf', `filename="receipt.pdf"; filename*=UTF-8''receipt.pdf`],
    [null, 'image/jpeg', `filename="file.jpg"; filename*=UTF-8''file.jpg`],
    ['photo.JPEG', 'image/jpeg', `filename="photo.JPEG"; filename*=UTF-8''photo.JPEG`],
    ['page.html', 'image/png', `filename="page.html.png"; filename*=UTF-8''page.html.png`],
    [
      'a "b" (1)*.pdf',
      'application/pdf',
      `filename="a _b_ (1)*.pdf"; filename*=UTF-8''a%20%22b%22%20%281%29%2A.pdf`,
    ],
    [
      'रसीद 1.pdf',
      'application/pdf',
      `filename=" 1.pdf"; filename*=UTF-8''%E0%A4%B0%E0%A4%B8%E0%A5%80%E0%A4%A6%201.pdf`,
    ],
    ['café.pdf', 'application/pdf', `filename="cafe.pdf"; filename*=UTF-8''caf%C3%A9.pdf`],
  ] as const)('holds %j for old clients and for new ones', (fileName, contentType, expected) => {
    expect(toContentDisposition('attachment', { fileName, contentType })).toBe(`attachment; ${expected}`);
  });
});
