import { describe, expect, it } from 'vitest';
import { createPng, inPieces, jpeg, losslessWebp, lossyWebp, pdf, zip } from '../../tests/samples.fixture.ts';
import { type ContentFacts, ContentInspector, type ContentRules } from './content-inspector.ts';
import { contentTypes } from './content-type.ts';

const anything: ContentRules = { types: contentTypes, declaredType: null, maxPixels: 1_000_000 };

async function inspect(content: Buffer, rules: Partial<ContentRules> = {}, size = 64): Promise<ContentFacts> {
  const inspector = new ContentInspector({ ...anything, ...rules });
  for await (const piece of inPieces(content, size)) inspector.push(piece);
  inspector.end();
  return inspector.facts;
}

const png = createPng({ width: 5, height: 4, padding: 300 });
const largeWebp = Buffer.from(lossyWebp);
largeWebp.write('VP8X', 12);
largeWebp.fill(0, 20, 30);
largeWebp.writeUIntLE(1919, 24, 3);
largeWebp.writeUIntLE(1079, 27, 3);
const samsung = Buffer.concat([
  jpeg,
  Buffer.from('\0\0\u0001\u000aImage_UTC_Data1700000000000SEFHsomethingSEFT', 'latin1'),
]);

describe('a content', () => {
  const samples: [string, Buffer, ContentFacts][] = [
    ['PNG', png, { contentType: 'image/png', size: { width: 5, height: 4 } }],
    ['JPEG', jpeg, { contentType: 'image/jpeg', size: { width: 3, height: 2 } }],
    [
      'JPEG of two pictures',
      Buffer.concat([jpeg, jpeg]),
      { contentType: 'image/jpeg', size: { width: 3, height: 2 } },
    ],
    ['JPEG of a Samsung camera', samsung, { contentType: 'image/jpeg', size: { width: 3, height: 2 } }],
    ['lossy WebP', lossyWebp, { contentType: 'image/webp', size: { width: 1, height: 1 } }],
    ['lossless WebP', losslessWebp, { contentType: 'image/webp', size: { width: 1, height: 1 } }],
    ['extended WebP', largeWebp, { contentType: 'image/webp', size: { width: 1920, height: 1080 } }],
    ['PDF', pdf, { contentType: 'application/pdf', size: null }],
  ];

  it.each(samples)('is told from itself, however it arrives: %s', async (_name, content, facts) => {
    const rules = { maxPixels: 3_000_000 };
    for (const size of [1, 2, 3, 7, 64, 100_000]) expect(await inspect(content, rules, size)).toEqual(facts);
  });

  it.each(samples)('must be whole: %s', async (_name, content) => {
    for (const length of [13, content.length - 7]) {
      const reason = expect.stringMatching(/^FILE_(MALFORMED|AMBIGUOUS)$/);
      await expect(inspect(content.subarray(0, length))).rejects.toMatchObject({ reason });
    }
  });

  it.each([
    ['text', Buffer.from('just some words, long enough')],
    ['a ZIP', zip],
    ['GIF', Buffer.from('GIF89a0123456789')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>')],
    ['a web page before a PDF', Buffer.concat([Buffer.from('<html></html>'), pdf])],
    ['a few bytes', Buffer.from('%PD')],
  ])('of another type is not taken: %s', async (_name, content) => {
    await expect(inspect(content)).rejects.toMatchObject({ reason: 'FILE_TYPE_NOT_ALLOWED' });
  });

  it('must be of a type that is allowed here, and of the one that was announced', async () => {
    await expect(inspect(png, { types: ['image/jpeg'] })).rejects.toMatchObject({
      reason: 'FILE_TYPE_NOT_ALLOWED',
    });
    await expect(inspect(png, { declaredType: 'image/jpeg' })).rejects.toMatchObject({
      reason: 'FILE_TYPE_MISMATCH',
    });
  });
});

describe('a content that could be two things', () => {
  const page = Buffer.from('<html><script>alert(1)</script></html>');
  const inComment = createPng();
  const withPage = Buffer.concat([
    createPng().subarray(0, 33),
    Buffer.from([0, 0, 0, page.length]),
    Buffer.from('tEXt'),
    page,
    Buffer.alloc(4),
    inComment.subarray(33),
  ]);
  const withPdf = Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, 0xfe, 0, pdf.length + 2]),
    pdf,
    jpeg.subarray(2),
  ]);

  it.each([
    ['PNG and ZIP', Buffer.concat([png, zip])],
    ['JPEG and ZIP', Buffer.concat([jpeg, zip])],
    [
      'JPEG and ZIP behind a camera’s data',
      Buffer.concat([jpeg, Buffer.from('\0\0'), zip, Buffer.from('SEFT')]),
    ],
    ['PDF and ZIP', Buffer.concat([pdf, zip])],
    ['PDF and ZIP before its end', Buffer.concat([pdf.subarray(0, 20), zip, pdf.subarray(20)])],
    ['PDF and web page', Buffer.concat([pdf, page])],
    ['WebP and web page', Buffer.concat([lossyWebp, page])],
    ['PNG and web page behind it', Buffer.concat([png, page])],
    ['JPEG and web page behind it', Buffer.concat([jpeg, page])],
    ['JPEG and web page behind zeros', Buffer.concat([jpeg, Buffer.alloc(40), page])],
    ['PNG and web page inside', withPage],
    ['JPEG and PDF inside', withPdf],
    ['PNG and a byte', Buffer.concat([png, Buffer.from([0])])],
  ])('is refused: %s', async (_name, content) => {
    for (const size of [1, 33, 100_000]) {
      await expect(inspect(content, {}, size)).rejects.toMatchObject({ reason: 'FILE_AMBIGUOUS' });
    }
  });
});

describe('an image that is a bomb', () => {
  it('is refused before anybody decodes it', async () => {
    const bomb = createPng({ claimed: { width: 50_000, height: 50_000 } });
    await expect(inspect(bomb)).rejects.toMatchObject({ reason: 'IMAGE_TOO_MANY_PIXELS' });
    await expect(inspect(largeWebp)).rejects.toMatchObject({ reason: 'IMAGE_TOO_MANY_PIXELS' });
    await expect(inspect(jpeg, { maxPixels: 5 })).rejects.toMatchObject({ reason: 'IMAGE_TOO_MANY_PIXELS' });
  });

  it('is refused without a size', async () => {
    const flat = createPng({ claimed: { width: 0, height: 5 } });
    await expect(inspect(flat)).rejects.toMatchObject({ reason: 'FILE_MALFORMED' });
  });
});
