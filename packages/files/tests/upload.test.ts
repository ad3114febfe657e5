import { createHash, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLocalMasterKeys, FileError, type FilePurpose } from '../src/index.ts';
import { type FilesTest, openFilesTest, purposes } from './files.fixture.ts';
import { createPng, inPieces, jpeg, pdf, zip } from './samples.fixture.ts';
import { storages } from './storage.fixture.ts';

const png = createPng({ width: 30, height: 20, padding: 400_000 });
const sha256 = createHash('sha256').update(png).digest('hex');

async function listObjects({ place }: FilesTest): Promise<string[]> {
  const ids: string[] = [];
  for await (const { objectId } of place.storage.list()) ids.push(objectId);
  return ids;
}

async function statusOf({ pool }: FilesTest, fileId: string) {
  const { rows } = await pool.query('select status, rejected_for from file where id = $1', [fileId]);
  return rows[0];
}

/** Begins to send and leaves the rest to the test. */
async function beginPut(url: string, start: Buffer) {
  const sending = request(url, { method: 'PUT' });
  const answered = new Promise<number | undefined>((resolve) => {
    sending.once('response', (response) => resolve(response.resume().statusCode));
    sending.once('error', () => resolve(undefined));
  });
  await new Promise((resolve) => sending.write(start, resolve));
  return { sending, answered };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setImmediate();
}

describe.each(['disk', 'S3'] as (keyof typeof storages)[])('an upload to %s', (storage) => {
  it('is taken, told from its content, and readable once it is completed', async () => {
    await using test = await openFilesTest({ storage });
    const { fileId, url } = await test.ask({ fileName: 'my card.png', sha256, contentType: 'image/png' });
    const answer = await test.put(url, png, { 'content-type': 'text/html' });
    const facts = { contentType: 'image/png', byteLength: png.length, sha256 };
    expect(answer).toEqual({ status: 200, body: { fileId, ...facts } });
    await expect(test.files.open(fileId)).rejects.toMatchObject({ reason: 'FILE_NOT_FOUND' });
    const file = await test.complete(fileId);
    expect(file).toMatchObject({ id: fileId, ...facts, width: 30, height: 20, fileName: 'my card.png' });
    expect((await test.read(fileId)).equals(png)).toBe(true);
    expect(await test.files.find(fileId)).toEqual(file);
    expect(await test.files.list(test.subject)).toEqual([file]);
  });

  it('is noise where it lies', async () => {
    await using test = await openFilesTest({ storage });
    await test.upload(png);
    const bytes = await test.place.readAll();
    expect(bytes.length).toBeGreaterThan(png.length);
    // Eight bytes each: of noise this long, one in forty holds any three bytes by chance.
    for (const known of [png.subarray(0, 8), png.subarray(12, 20), 'suvidha ', png.subarray(-8)])
      expect(bytes.includes(known)).toBe(false);
  });

  it('cannot be read with another master key', async () => {
    await using test = await openFilesTest({ storage });
    const fileId = await test.upload(png);
    const masterKeys = createLocalMasterKeys([{ id: 'one', key: Buffer.alloc(32, 'another') }]);
    await expect(test.restart({ masterKeys }).open(fileId)).rejects.toThrow();
  });
});

describe('a content that is not taken', () => {
  const cases: [string, Buffer, string, number][] = [
    ['another type', Buffer.from('<svg onload="alert(1)"></svg>'), 'FILE_TYPE_NOT_ALLOWED', 415],
    ['another type than announced', jpeg, 'FILE_TYPE_MISMATCH', 415],
    ['another checksum than announced', createPng({ width: 9 }), 'FILE_CHECKSUM_MISMATCH', 422],
    ['two types at once', Buffer.concat([png, zip]), 'FILE_AMBIGUOUS', 422],
    [
      'too many pixels',
      createPng({ claimed: { width: 60_000, height: 60_000 } }),
      'IMAGE_TOO_MANY_PIXELS',
      422,
    ],
    ['cut off', png.subarray(0, -20), 'FILE_MALFORMED', 422],
    ['empty', Buffer.alloc(0), 'FILE_EMPTY', 422],
    ['too large', createPng({ padding: 2_000_000 }), 'FILE_TOO_LARGE', 413],
  ];

  it.each(cases)('is refused for good: %s', async (_name, content, code, status) => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask({ sha256, contentType: 'image/png' });
    expect(await test.put(url, content)).toMatchObject({ status, body: { error: { code } } });
    expect(await statusOf(test, fileId)).toEqual({ status: 'REJECTED', rejected_for: code });
    expect(await test.put(url, png)).toMatchObject({
      status: 409,
      body: { error: { code: 'UPLOAD_ALREADY_USED' } },
    });
    await expect(test.complete(fileId)).rejects.toMatchObject({ reason: code });
    await expect(test.files.open(fileId)).rejects.toMatchObject({ reason: 'FILE_NOT_FOUND' });
    expect(await listObjects(test)).toEqual([]);
  });

  it('is stopped when it becomes too large, however much more would come', async () => {
    await using test = await openFilesTest();
    const { url } = await test.ask();
    let sent = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        const piece = sent === 0 ? createPng({ padding: 100_000 }).subarray(0, 60_000) : Buffer.alloc(60_000);
        sent += piece.length;
        if (sent > 200_000_000) controller.close();
        else controller.enqueue(piece);
      },
    });
    await test.put(url, endless).catch(() => undefined);
    expect(sent).toBeLessThan(40_000_000);
    expect(await listObjects(test)).toEqual([]);
  });

  it('is refused before it is sent when its description already says so', async () => {
    await using test = await openFilesTest();
    await expect(test.ask({ contentType: 'image/gif' })).rejects.toMatchObject({
      reason: 'FILE_TYPE_NOT_ALLOWED',
    });
    await expect(test.ask({ byteLength: 2_000_001 })).rejects.toMatchObject({ reason: 'FILE_TOO_LARGE' });
    await expect(test.ask({ sha256: 'abc' })).rejects.toMatchObject({ reason: 'FILE_CHECKSUM_MISMATCH' });
  });

  it('is refused by a last look of the subgraph', async () => {
    const seen: unknown[] = [];
    const receipt: FilePurpose = {
      ...purposes.receipt,
      inspect: async ({ facts, open }) => {
        seen.push(facts.contentType, (await buffer(await open())).equals(pdf));
        throw new FileError('FILE_REFUSED');
      },
    };
    await using test = await openFilesTest({ purposes: { ...purposes, receipt } });
    const { url } = await test.ask({ purpose: 'receipt' });
    expect(await test.put(url, pdf)).toMatchObject({
      status: 422,
      body: { error: { code: 'FILE_REFUSED' } },
    });
    expect(seen).toEqual(['application/pdf', true]);
    expect(await listObjects(test)).toEqual([]);
  });
});

describe('an address', () => {
  it('is worth nothing when it was altered', async () => {
    await using test = await openFilesTest();
    const { url, fileId } = await test.ask();
    const other = await test.ask();
    const changes: ((address: URL) => void)[] = [
      (address) => address.searchParams.set('expires', '9999999999'),
      (address) => address.searchParams.set('signature', 'AAAA'),
      (address) => address.searchParams.delete('signature'),
      (address) => address.searchParams.append('expires', '9999999999'),
      (address) => address.searchParams.set('disposition', 'inline'),
      (address) => (address.pathname = address.pathname.replace(fileId, other.fileId)),
      (address) => (address.pathname = address.pathname.replace(fileId, randomUUID())),
      (address) => (address.pathname = address.pathname.replace(fileId, '..%2F..%2Fetc%2Fpasswd')),
    ];
    for (const change of changes) {
      const address = new URL(url);
      change(address);
      expect(await test.put(address.href, png)).toMatchObject({
        status: 403,
        body: { error: { code: 'FILE_URL_INVALID' } },
      });
    }
    expect(await test.put(url, png)).toMatchObject({ status: 200 });
  });

  it('expires', async () => {
    await using test = await openFilesTest();
    const { url, expiresAt } = await test.ask();
    test.now = expiresAt;
    expect(await test.put(url, png)).toMatchObject({
      status: 403,
      body: { error: { code: 'FILE_URL_EXPIRED' } },
    });
  });

  it('for an upload downloads nothing, and the other way round', async () => {
    await using test = await openFilesTest();
    const { url, fileId } = await test.ask();
    const download = test.files.createDownloadUrl(fileId).url;
    const swapped = [download.replace('/files/', '/files/uploads/'), url.replace('/uploads/', '/')];
    expect(await test.put(swapped[0]!, png)).toMatchObject({ status: 403 });
    expect((await fetch(swapped[1]!)).status).toBe(403);
  });

  it('says what is wrong and nothing else', async () => {
    await using test = await openFilesTest();
    const { url } = await test.ask();
    const { body } = await test.put(`${url}x`, png);
    expect(body).toEqual({
      error: { code: 'FILE_URL_INVALID', message: 'This address was not made by us.' },
    });
  });

  it('lets pages of any site send to it, for it is the address that allows it', async () => {
    await using test = await openFilesTest();
    const { url } = await test.ask();
    const preflight = await fetch(url, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'PUT',
    });
  });
});

describe('twice, replayed, out of order', () => {
  it('asking with the same key gives the same upload; with another content it is refused', async () => {
    await using test = await openFilesTest();
    const wish = { idempotencyKey: 'one', sha256 };
    const [first, second] = await Promise.all([test.ask(wish), test.ask(wish)]);
    expect(second).toEqual(first);
    expect(await test.ask(wish)).toEqual(first);
    await expect(test.ask({ ...wish, sha256: 'a'.repeat(64) })).rejects.toMatchObject({
      reason: 'UPLOAD_KEY_REUSED',
    });
    expect((await test.ask({ ...wish, subject: 'user:other' })).fileId).not.toBe(first.fileId);
  });

  it('asking again after the time ran out gives the same upload more of it', async () => {
    await using test = await openFilesTest();
    const first = await test.ask({ idempotencyKey: 'late' });
    test.now = first.expiresAt;
    expect(await test.put(first.url, png)).toMatchObject({ status: 403 });
    const again = await test.ask({ idempotencyKey: 'late' });
    expect(again.fileId).toBe(first.fileId);
    expect(await test.put(again.url, png)).toMatchObject({ status: 200 });
    expect((await test.ask({ idempotencyKey: 'late' })).expiresAt).toEqual(again.expiresAt);
  });

  it('sending at the same time, one is taken', async () => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask();
    const answers = await Promise.all(Array.from({ length: 4 }, () => test.put(url, png)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body.error?.code]).toEqual([
        409,
        expect.stringMatching(/^UPLOAD_(IN_PROGRESS|ALREADY_USED)$/),
      ]);
    }
    await test.complete(fileId);
    expect((await test.read(fileId)).equals(png)).toBe(true);
    expect(await listObjects(test)).toHaveLength(1);
  });

  it('completing before anything came is refused, and works after', async () => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask();
    await expect(test.complete(fileId)).rejects.toMatchObject({ reason: 'UPLOAD_NOT_RECEIVED' });
    await test.put(url, png);
    const [first, second] = await Promise.all([test.complete(fileId), test.complete(fileId)]);
    expect(second).toEqual(first);
    expect(await test.complete(fileId)).toEqual(first);
  });

  it('completing rolls back with the caller’s transaction', async () => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask();
    await test.put(url, png);
    const work = test.db.$transaction(async (tx) => {
      await test.files.completeUpload(tx, { fileId, subject: test.subject, purpose: 'identity-document' });
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await test.files.find(fileId)).toBeNull();
    await test.complete(fileId);
    expect(await test.files.find(fileId)).not.toBeNull();
  });

  it('only the owner completes, and only for what it is', async () => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask();
    await test.put(url, png);
    const tries = [
      () => test.complete(fileId, 'user:other'),
      () => test.complete(fileId, test.subject, 'receipt'),
      () => test.complete(randomUUID()),
      () => test.complete('no id at all'),
    ];
    for (const act of tries) await expect(act()).rejects.toMatchObject({ reason: 'FILE_NOT_FOUND' });
  });
});

describe('cut short', () => {
  it('by the sender: nothing is kept, and the address still takes a content', async () => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask();
    const { sending } = await beginPut(url, png.subarray(0, 200_000));
    await until(async () => (await test.put(url, png)).status === 409);
    sending.destroy();
    await until(async () => (await test.put(url, png)).status === 200);
    await test.complete(fileId);
    expect((await test.read(fileId)).equals(png)).toBe(true);
    await until(async () => (await listObjects(test)).length === 1);
  });

  it('by a crash: after a while another attempt is taken, and what was left is removed', async () => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask();
    const died = randomUUID();
    await test.place.storage.put(died, inPieces(png, 1000), { signal: new AbortController().signal });
    await test.pool.query('update file set object_id = $2, upload_started_at = $3 where id = $1', [
      fileId,
      died,
      test.now,
    ]);
    expect(await test.put(url, png)).toMatchObject({
      status: 409,
      body: { error: { code: 'UPLOAD_IN_PROGRESS' } },
    });
    await expect(test.complete(fileId)).rejects.toMatchObject({ reason: 'UPLOAD_NOT_RECEIVED' });
    await expect(test.files.open(fileId)).rejects.toMatchObject({ reason: 'FILE_NOT_FOUND' });
    test.now = new Date(test.now.getTime() + 12 * 60_000);
    expect(await test.put(url, png)).toMatchObject({ status: 200 });
    await test.complete(fileId);
    test.now = new Date(test.now.getTime() + 2 * 86_400_000);
    await test.runJob('sweep-files');
    expect(await listObjects(test)).not.toContain(died);
    expect((await test.read(fileId)).equals(png)).toBe(true);
  });

  it('by the storage: the address still takes a content', async () => {
    await using test = await openFilesTest();
    const { url } = await test.ask();
    const { put } = test.place.storage;
    Object.assign(test.place.storage, {
      put: async () => Promise.reject(new Error('the disk /srv/secret is full')),
    });
    const answer = await test.put(url, png);
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'FILE_STORAGE_UNAVAILABLE' } } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    Object.assign(test.place.storage, { put });
    expect(await test.put(url, png)).toMatchObject({ status: 200 });
  });
});

describe('a content of our own', () => {
  const receiptOf = ({ subject }: FilesTest) =>
    ({ purpose: 'receipt', subject, idempotencyKey: 'payment-1', fileName: 'Receipt 1.pdf' }) as const;

  it('is stored once, however often it is made', async () => {
    await using test = await openFilesTest();
    const first = await test.files.store({ ...receiptOf(test), bytes: pdf });
    expect(await test.files.store({ ...receiptOf(test), bytes: pdf })).toEqual(first);
    expect((await test.read(first.id)).equals(pdf)).toBe(true);
    expect(await listObjects(test)).toHaveLength(1);
  });

  it('is finished by the next attempt after a crash', async () => {
    await using test = await openFilesTest();
    const { put } = test.place.storage;
    Object.assign(test.place.storage, { put: async () => Promise.reject(new Error('killed')) });
    await expect(test.files.store({ ...receiptOf(test), bytes: pdf })).rejects.toMatchObject({
      reason: 'FILE_STORAGE_UNAVAILABLE',
    });
    Object.assign(test.place.storage, { put });
    test.now = new Date(test.now.getTime() + 3 * 86_400_000);
    await test.runJob('sweep-files');
    const file = await test.files.store({ ...receiptOf(test), bytes: pdf });
    expect((await test.read(file.id)).equals(pdf)).toBe(true);
  });

  it('must be what its purpose allows', async () => {
    await using test = await openFilesTest();
    await expect(test.files.store({ ...receiptOf(test), bytes: createPng() })).rejects.toMatchObject({
      reason: 'FILE_TYPE_NOT_ALLOWED',
    });
  });
});
