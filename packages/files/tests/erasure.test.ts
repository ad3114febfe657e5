import { describe, expect, it } from 'vitest';
import { createMasterKeys, type FilesTest, openFilesTest } from './files.fixture.ts';
import { createPng, inPieces, pdf } from './samples.fixture.ts';
import type { storages } from './storage.fixture.ts';

const png = createPng({ padding: 100_000 });

async function countObjects({ place }: FilesTest): Promise<number> {
  let count = 0;
  for await (const _object of place.storage.list()) count += 1;
  return count;
}

async function keysOf({ pool, subject }: FilesTest) {
  const { rows } = await pool.query(
    'select wrapped_key, master_key_id, scope, destroyed_at from file_key where subject = $1',
    [subject],
  );
  return rows;
}

describe.each(['disk', 'S3'] as (keyof typeof storages)[])('erasure on %s', (storage) => {
  it('destroys the keys at once and the objects soon after', async () => {
    await using test = await openFilesTest({ storage });
    const ids = [
      await test.upload(png, { fileName: 'asha.png' }),
      await test.upload(pdf),
      await test.upload(pdf, { purpose: 'receipt' }),
    ];
    const other = await test.upload(png, { subject: `${test.subject}-other` });
    await test.db.$transaction((tx) => test.files.eraseSubject(tx, test.subject));
    for (const id of ids)
      await expect(test.files.open(id)).rejects.toMatchObject({ reason: 'FILE_NOT_FOUND' });
    expect(await test.files.list(test.subject)).toEqual([]);
    const keys = await keysOf(test);
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(key).toEqual({
        wrapped_key: null,
        master_key_id: null,
        scope: null,
        destroyed_at: expect.any(Date),
      });
    }
    const { rows } = await test.pool.query('select file_name, sha256 from file where id = any($1)', [ids]);
    expect(rows).toEqual(ids.map(() => ({ file_name: null, sha256: null })));
    await test.runJob('purge-files');
    expect(await countObjects(test)).toBe(1);
    expect((await test.read(other)).equals(png)).toBe(true);
  });
});

describe('erasure', () => {
  it('leaves noise of an object that stays, as in a backup: even its row brings nothing back', async () => {
    await using test = await openFilesTest();
    const id = await test.upload(png);
    const { rows } = await test.pool.query('select * from file where id = $1', [id]);
    await test.files.eraseSubject(test.db, test.subject);
    await test.pool.query("update file set status = 'STORED', sha256 = $2 where id = $1", [
      id,
      rows[0].sha256,
    ]);
    expect(await countObjects(test)).toBe(1);
    await expect(test.files.open(id)).rejects.toMatchObject({ reason: 'FILE_NOT_FOUND' });
  });

  it('does not happen when its transaction does not', async () => {
    await using test = await openFilesTest();
    const id = await test.upload(png);
    const work = test.db.$transaction(async (tx) => {
      await test.files.eraseSubject(tx, test.subject);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect((await test.read(id)).equals(png)).toBe(true);
  });

  it('twice does no more than once', async () => {
    await using test = await openFilesTest();
    await test.upload(png);
    await Promise.all([1, 2].map(() => test.files.eraseSubject(test.db, test.subject)));
    await Promise.all([test.runJob('purge-files'), test.runJob('purge-files')]);
    expect(await countObjects(test)).toBe(0);
  });

  it('during an upload keeps nothing of it', async () => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask();
    const { put } = test.place.storage;
    Object.assign(test.place.storage, {
      put: async (...args: Parameters<typeof put>) => {
        await put(...args);
        await test.files.eraseSubject(test.db, test.subject);
        await test.runJob('purge-files');
      },
    });
    expect(await test.put(url, png)).toMatchObject({
      status: 404,
      body: { error: { code: 'FILE_NOT_FOUND' } },
    });
    await expect(test.complete(fileId)).rejects.toMatchObject({ reason: 'FILE_NOT_FOUND' });
    expect(await countObjects(test)).toBe(0);
  });

  it('ends uploads that were asked for before, and allows new ones', async () => {
    await using test = await openFilesTest();
    const { url } = await test.ask();
    await test.files.eraseSubject(test.db, test.subject);
    expect(await test.put(url, png)).toMatchObject({ status: 404 });
    expect((await test.read(await test.upload(png))).equals(png)).toBe(true);
  });
});

describe('deletion', () => {
  it('of one file destroys the key that is its own, and not that of the subject', async () => {
    await using test = await openFilesTest();
    const [document, kept, receipt] = [
      await test.upload(png),
      await test.upload(pdf),
      await test.upload(pdf, { purpose: 'receipt' }),
    ];
    await test.files.deleteFile(test.db, document);
    await test.files.deleteFile(test.db, receipt);
    for (const id of [document, receipt]) expect(await test.files.find(id)).toBeNull();
    expect((await test.read(kept)).equals(pdf)).toBe(true);
    expect((await keysOf(test)).map(({ destroyed_at }) => destroyed_at !== null).sort()).toEqual([
      false,
      true,
    ]);
    await test.runJob('purge-files');
    expect(await countObjects(test)).toBe(1);
  });
});

describe('the sweep', () => {
  it('removes uploads that were never sent, never completed, and objects of no file; nothing else', async () => {
    await using test = await openFilesTest();
    const stored = await test.upload(png);
    const unsent = await test.ask({ idempotencyKey: 'unsent' });
    const uncompleted = await test.ask();
    await test.put(uncompleted.url, pdf);
    const orphan = '019aa000-0000-7000-8000-00000000000f';
    await test.place.storage.put(orphan, inPieces(png, 999), { signal: new AbortController().signal });
    await test.runJob('sweep-files');
    expect(await countObjects(test)).toBe(3);

    test.now = new Date(test.now.getTime() + 25 * 3_600_000);
    await test.runJob('sweep-files');
    expect(await countObjects(test)).toBe(1);
    expect((await test.read(stored)).equals(png)).toBe(true);
    await expect(test.complete(uncompleted.fileId)).rejects.toMatchObject({ reason: 'FILE_NOT_FOUND' });
    expect((await test.ask({ idempotencyKey: 'unsent' })).fileId).not.toBe(unsent.fileId);
  });

  it('and a completion at the same moment: one of them happens', async () => {
    await using test = await openFilesTest();
    const { fileId, url } = await test.ask();
    await test.put(url, png);
    test.now = new Date(test.now.getTime() + 25 * 3_600_000);
    const [completed] = await Promise.all([
      test.complete(fileId).then(
        () => true,
        () => false,
      ),
      test.runJob('sweep-files'),
    ]);
    const isThere = (await test.files.find(fileId)) !== null;
    expect(isThere).toBe(completed);
    expect(await countObjects(test)).toBe(isThere ? 1 : 0);
  });

  it('comes again by itself, once', async () => {
    await using test = await openFilesTest();
    await Promise.all([test.files.start(), test.restart().start()]);
    await test.runJob('sweep-files');
    const { rows } = await test.pool.query(
      "select run_at from graphile_worker.jobs where task_identifier = 'sweep-files'",
    );
    expect(rows).toHaveLength(1);
  });
});

describe('another master key', () => {
  // The keys of the tests before are wrapped by 'one'.
  const rotating = createMasterKeys('new', 'old', 'one');

  it('takes over without a file being written anew', async () => {
    await using test = await openFilesTest({ masterKeys: createMasterKeys('old') });
    const ids = [await test.upload(png), await test.upload(pdf, { purpose: 'receipt' })];
    const before = await test.place.readAll();
    const { jobs } = test.restart({ masterKeys: rotating });
    await Promise.all([jobs['rotate-file-keys']!({}), jobs['rotate-file-keys']!({})]);
    expect((await keysOf(test)).map(({ master_key_id }) => master_key_id)).toEqual(['new', 'new']);
    expect((await test.place.readAll()).equals(before)).toBe(true);
    const rotated = test.restart({ masterKeys: createMasterKeys('new') });
    for (const id of ids) await expect(rotated.open(id)).resolves.toBeDefined();
    await expect(test.files.open(ids[0]!)).rejects.toThrow('master key');
  });

  it('does not bring a destroyed key back', async () => {
    await using test = await openFilesTest({ masterKeys: createMasterKeys('old') });
    await test.upload(png);
    const { jobs } = test.restart({ masterKeys: rotating });
    await Promise.all([jobs['rotate-file-keys']!({}), test.files.eraseSubject(test.db, test.subject)]);
    expect((await keysOf(test)).map(({ wrapped_key }) => wrapped_key)).toEqual([null]);
  });

  it('that is missing is reported, after what could be wrapped was', async () => {
    await using lost = await openFilesTest({ masterKeys: createMasterKeys('lost') });
    await lost.upload(png);
    await using test = await openFilesTest({ masterKeys: createMasterKeys('old') });
    await test.upload(png);
    const { jobs } = test.restart({ masterKeys: rotating });
    await expect(jobs['rotate-file-keys']!({})).rejects.toThrow('could not be wrapped');
    expect((await keysOf(test)).map(({ master_key_id }) => master_key_id)).toEqual(['new']);
    expect((await keysOf(lost)).map(({ master_key_id }) => master_key_id)).toEqual(['lost']);
  });
});
