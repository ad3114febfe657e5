import { describe, expect, it } from 'vitest';
import { createClamdScanner } from '../src/index.ts';
import { startClamd } from './clamd.fixture.ts';
import { openFilesTest } from './files.fixture.ts';
import { createPng, pdf } from './samples.fixture.ts';

const png = createPng({ padding: 1_500_000 });
const infected = Buffer.from(pdf.toString('latin1').replace('endobj', 'endobj\n% EICAR\n'), 'latin1');

describe('a virus scanner', () => {
  it('sees each upload whole, and lets what is clean pass', async () => {
    await using clamd = await startClamd();
    await using test = await openFilesTest({ scanner: createClamdScanner(clamd) });
    const fileId = await test.upload(png);
    expect((await test.read(fileId)).equals(png)).toBe(true);
    expect(clamd.scanned.map((content) => content.equals(png))).toEqual([true]);
  });

  it('refuses for good what is not', async () => {
    await using clamd = await startClamd();
    await using test = await openFilesTest({ scanner: createClamdScanner(clamd) });
    const { fileId, url } = await test.ask();
    const answer = await test.put(url, infected);
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'FILE_INFECTED' } } });
    expect(JSON.stringify(answer)).not.toContain('Eicar');
    await expect(test.complete(fileId)).rejects.toMatchObject({ reason: 'FILE_INFECTED' });
  });

  it.each([
    ['hangs up', { isBroken: true }],
    ['takes less than we do', { maxBytes: 500_000 }],
  ])('that %s leaves the file unread and the address open', async (_name, behaviour) => {
    await using clamd = await startClamd(behaviour);
    await using test = await openFilesTest({ scanner: createClamdScanner(clamd) });
    const { fileId, url } = await test.ask();
    const unavailable = { status: 503, body: { error: { code: 'FILE_SCANNER_UNAVAILABLE' } } };
    expect(await test.put(url, png)).toMatchObject(unavailable);
    expect(await test.put(url, png)).toMatchObject(unavailable);
    await expect(test.complete(fileId)).rejects.toMatchObject({ reason: 'UPLOAD_NOT_RECEIVED' });
  });

  it('that is not there does so too', async () => {
    const { host, port } = await (async () => {
      await using clamd = await startClamd();
      return clamd;
    })();
    await using test = await openFilesTest({ scanner: createClamdScanner({ host, port }) });
    const { url } = await test.ask();
    expect(await test.put(url, png)).toMatchObject({
      status: 503,
      body: { error: { code: 'FILE_SCANNER_UNAVAILABLE' } },
    });
  });
});
