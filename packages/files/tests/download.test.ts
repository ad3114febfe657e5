import { describe, expect, it } from 'vitest';
import { type FilesTest, openFilesTest } from './files.fixture.ts';
import { createPng, jpeg, pdf } from './samples.fixture.ts';

const png = createPng({ padding: 300_000 });

async function objectIdOf({ pool }: FilesTest, fileId: string): Promise<string> {
  const { rows } = await pool.query<{ object_id: string }>('select object_id from file where id = $1', [
    fileId,
  ]);
  return rows[0]!.object_id;
}

/** Has the storage give other bytes for an object than it holds. */
function tamper({ place }: FilesTest, change: (object: Buffer) => Buffer): void {
  const { open } = place.storage;
  Object.assign(place.storage, {
    open: async (objectId: string) => {
      const pieces: Buffer[] = [];
      for await (const piece of await open(objectId)) pieces.push(piece);
      return (async function* () {
        yield change(Buffer.concat(pieces));
      })();
    },
  });
}

describe('a download', () => {
  it('gives the content, with headers that let it do no harm', async () => {
    await using test = await openFilesTest();
    const fileId = await test.upload(png, { fileName: 'my card' });
    const { url, expiresAt } = test.files.createDownloadUrl(fileId);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      'content-disposition': `attachment; filename="my card.png"; filename*=UTF-8''my%20card.png`,
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-site',
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(png)).toBe(true);
    expect(expiresAt.getTime() - test.now.getTime()).toBe(5 * 60_000);
  });

  it('may be shown, and by pages of other sites where its purpose says so', async () => {
    await using test = await openFilesTest();
    const fileId = await test.upload(png, { purpose: 'product-image' });
    const { headers } = await fetch(test.files.createDownloadUrl(fileId, { disposition: 'inline' }).url);
    expect(headers.get('content-disposition')).toMatch(/^inline; filename="file\.png"/);
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it('is refused when the address was altered or has expired', async () => {
    await using test = await openFilesTest();
    const fileId = await test.upload(png);
    const { url, expiresAt } = test.files.createDownloadUrl(fileId, {
      disposition: 'attachment',
      lifetimeMs: 60_000,
    });
    const altered = [url.replace('attachment', 'inline'), `${url}A`, url.split('?')[0]!];
    for (const address of altered) {
      const response = await fetch(address);
      expect([response.status, await response.json()]).toMatchObject([
        403,
        { error: { code: 'FILE_URL_INVALID' } },
      ]);
    }
    test.now = expiresAt;
    expect(await (await fetch(url)).json()).toMatchObject({ error: { code: 'FILE_URL_EXPIRED' } });
  });

  it('is not there for what is not stored, whatever became of it', async () => {
    await using test = await openFilesTest();
    const asked = await test.ask();
    const received = await test.ask();
    await test.put(received.url, png);
    const rejected = await test.ask();
    await test.put(rejected.url, Buffer.from('not a picture'));
    const deleted = await test.upload(jpeg);
    await test.files.deleteFile(test.db, deleted);
    const answers = await Promise.all(
      [asked.fileId, received.fileId, rejected.fileId, deleted].map(async (fileId) => {
        const response = await fetch(test.files.createDownloadUrl(fileId).url);
        return [response.status, await response.text()];
      }),
    );
    expect(new Set(answers.map(String)).size).toBe(1);
    expect(answers[0]).toEqual([404, expect.stringContaining('FILE_NOT_FOUND')]);
  });
});

describe('a stored content that is not as it was', () => {
  it.each<[string, (object: Buffer) => Buffer]>([
    [
      'altered at its beginning',
      (object) => Buffer.concat([object.subarray(0, 50), Buffer.from([1, 2]), object.subarray(52)]),
    ],
    ['cut off within a chunk', (object) => object.subarray(0, 5_000)],
    ['empty', () => Buffer.alloc(0)],
  ])('is not given: %s', async (_name, change) => {
    await using test = await openFilesTest();
    const fileId = await test.upload(png);
    tamper(test, change);
    const response = await fetch(test.files.createDownloadUrl(fileId).url);
    expect([response.status, await response.json()]).toMatchObject([
      500,
      { error: { code: 'FILE_CORRUPT' } },
    ]);
  });

  it('ends before its announced length when the fault is further on', async () => {
    await using test = await openFilesTest();
    const fileId = await test.upload(png);
    tamper(test, (object) => object.subarray(0, -30));
    await expect(
      fetch(test.files.createDownloadUrl(fileId).url).then((response) => response.arrayBuffer()),
    ).rejects.toThrow();
    await expect(test.read(fileId)).rejects.toMatchObject({ reason: 'FILE_CORRUPT' });
  });

  it('is not given for another one, even of the same subject', async () => {
    await using test = await openFilesTest();
    const [one, two] = [await test.upload(png), await test.upload(jpeg)];
    const [first, second] = [await objectIdOf(test, one), await objectIdOf(test, two)];
    const { open } = test.place.storage;
    Object.assign(test.place.storage, { open: (id: string) => open(id === first ? second : first) });
    for (const fileId of [one, two])
      await expect(test.read(fileId)).rejects.toMatchObject({ reason: 'FILE_CORRUPT' });
  });

  it('is compared with the checksum of what was received', async () => {
    await using test = await openFilesTest();
    const fileId = await test.upload(pdf, { purpose: 'receipt' });
    await test.pool.query('update file set sha256 = $2 where id = $1', [fileId, 'a'.repeat(64)]);
    await expect(test.read(fileId)).rejects.toMatchObject({ reason: 'FILE_CORRUPT' });
  });

  it('is not there when its object is gone, and says so differently when the storage is', async () => {
    await using test = await openFilesTest();
    const fileId = await test.upload(png);
    await test.place.storage.delete(await objectIdOf(test, fileId));
    await expect(test.files.open(fileId)).rejects.toMatchObject({ reason: 'FILE_CORRUPT' });
    Object.assign(test.place.storage, { open: async () => Promise.reject(new Error('no route to bucket')) });
    const response = await fetch(test.files.createDownloadUrl(fileId).url);
    const text = await response.text();
    expect([response.status, text]).toEqual([503, expect.stringContaining('FILE_STORAGE_UNAVAILABLE')]);
    expect(text).not.toContain('bucket');
  });
});
