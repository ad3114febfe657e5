import { uuidv7 } from '@suvidha/db';
import { demoPeople } from '@suvidha/demo';
import { type EventType, personalDataHolders } from '@suvidha/events';
import { readUserEvents, toPrivacyEvent } from '@suvidha/testing';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { receiveMessages } from './support/inbox.ts';
import { actorOf, codesOf, goodPassword, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

const exportQuery = `mutation { exportMyData { dataExport { id completedAt expiresAt url } userErrors { code } } }`;
const listQuery = '{ myDataExports { id completedAt url } }';
const deleteQuery = `mutation { deleteMyAccount(input: { isFinal: true }) { requestedAt userErrors { code } } }`;

async function mutate(query: string, session: Json): Promise<Json> {
  const { data, errors } = await fixture.execute(query, {}, actorOf(session));
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0];
}

const findEvents = <Type extends EventType>(userId: string, type: Type) =>
  readUserEvents(fixture.pool, userId, type);

async function fetchArchive(url: string) {
  const server = fastify();
  await server.register(fixture.app.routes);
  const { pathname, search } = new URL(url);
  const response = await server.inject(pathname + search);
  await server.close();
  return response;
}

describe('exportMyData', () => {
  const takeParts = async (userId: string, exportId: string, subgraphs: readonly string[]) => {
    const pieces = subgraphs.flatMap((subgraph) => [
      toPrivacyEvent('export.part_ready', {
        userId,
        exportId,
        subgraph,
        piece: 1,
        pieces: 2,
        text: '"there"}',
      }),
      toPrivacyEvent('export.part_ready', {
        userId,
        exportId,
        subgraph,
        piece: 0,
        pieces: 2,
        text: '{"all":',
      }),
    ]);
    await Promise.all(pieces.map((piece) => fixture.app.consume(piece)));
    return pieces;
  };

  it('asks every other subgraph, and is complete when the last piece of all of them is there', async () => {
    const session = await steps.join({ username: 'leela' });
    const userId = session.user.id;
    const { dataExport } = await mutate(exportQuery, session);
    expect(dataExport).toMatchObject({ completedAt: null, url: null });
    expect(await findEvents(userId, 'user.export_requested')).toEqual([{ userId, exportId: dataExport.id }]);

    const [last = '', ...others] = personalDataHolders;
    await takeParts(userId, dataExport.id, others);
    expect(await mutate(listQuery, session)).toEqual([{ id: dataExport.id, completedAt: null, url: null }]);
    const pieces = await takeParts(userId, dataExport.id, [last]);
    for (const piece of pieces) await fixture.app.consume({ ...piece, id: uuidv7() });

    const [ready] = await mutate(listQuery, session);
    const response = await fetchArchive(ready.url);
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    const archive = response.json();
    expect(archive).toMatchObject({
      userId,
      identity: {
        profile: { username: 'leela' },
        sessions: [{ userId }],
        activity: [{ action: 'REGISTRATION' }],
      },
      kyc: { all: 'there' },
      payments: { all: 'there' },
    });
    const [notice] = await receiveMessages(fixture, session.user.phoneNumber, 2);
    expect(notice.text).toMatch(/copy of your data is ready/);
  });

  it('leaves out what proves who somebody is', async () => {
    const { email, userId } = await steps.joinWithPassword();
    const session = await steps.loginWithPassword({ name: email, password: goodPassword });
    const { dataExport } = await mutate(exportQuery, session);
    await takeParts(userId, dataExport.id, personalDataHolders);
    const [ready] = await mutate(listQuery, session);
    const { body } = await fetchArchive(ready.url);
    expect(body).toContain(email);
    expect(body).not.toMatch(/argon2id|passwordHash|tokenHash/);
  });

  it('does not tell where staff were when they did something about the person', async () => {
    const session = await steps.join();
    const userId = session.user.id;
    const admin = actorOf(await steps.login(await steps.receiveOtp(demoPeople.admin.phoneNumber)));
    const client = { address: '198.51.100.99', userAgent: 'Staff Browser' };
    await steps.do('setUserRole', { userId, role: 'OPERATOR' }, { actor: admin, client });
    const { dataExport } = await mutate(exportQuery, session);
    await takeParts(userId, dataExport.id, personalDataHolders);
    const [ready] = await mutate(listQuery, session);
    const { body } = await fetchArchive(ready.url);
    expect(body).toContain('ROLE_SET');
    for (const text of [client.address, client.userAgent, admin.userId]) expect(body).not.toContain(text);
  });

  it('is one archive when asked for again, also at the same moment', async () => {
    const session = await steps.join();
    const answers = await Promise.all(Array.from({ length: 5 }, () => mutate(exportQuery, session)));
    expect(new Set(answers.map(({ dataExport }) => dataExport.id)).size).toBe(1);
    expect(await findEvents(session.user.id, 'user.export_requested')).toHaveLength(1);
  });

  it('wants a recent proof, and shows nobody the archives of others', async () => {
    const session = await steps.join();
    await mutate(exportQuery, session);
    expect(await mutate(listQuery, await steps.join())).toEqual([]);
    fixture.clock.advance(10 * 60_000);
    expect(codesOf(await mutate(exportQuery, session))).toEqual(['STEP_UP_REQUIRED']);
  });

  it('gives the archive to who has the link, unaltered, for five minutes', async () => {
    const session = await steps.join();
    const { dataExport } = await mutate(exportQuery, session);
    await takeParts(session.user.id, dataExport.id, personalDataHolders);
    const [{ url }] = await mutate(listQuery, session);
    const altered = [
      url.replace(dataExport.id, uuidv7()),
      url.replace(/expires=(\d)/, 'expires=9$1'),
      url.replace(/signature=.*/, 'signature=0'),
      url.split('?')[0],
    ];
    for (const link of altered) expect((await fetchArchive(link)).statusCode).toBe(404);
    expect((await fetchArchive(url)).statusCode).toBe(200);
    fixture.clock.advance(5 * 60_000);
    expect((await fetchArchive(url)).statusCode).toBe(404);
  });

  it('keeps the archive sealed, and for seven days', async () => {
    const session = await steps.join({ username: 'a name to be found' });
    const { dataExport } = await mutate(exportQuery, session);
    await takeParts(session.user.id, dataExport.id, personalDataHolders);
    const { rows } = await fixture.pool.query('select * from data_export_part where export_id = $1', [
      dataExport.id,
    ]);
    expect(rows.length).toBeGreaterThan(8);
    expect(JSON.stringify(rows)).not.toContain('a name to be found');
    fixture.clock.advance(7 * 24 * 3_600_000);
    expect(await mutate(listQuery, session)).toEqual([]);
  });
});

describe('deleteMyAccount', () => {
  const complete = (userId: string, erasureId: string, subgraph: string) =>
    fixture.app.consume(toPrivacyEvent('erasure.completed', { userId, erasureId, subgraph }));

  it('ends the sessions and every way in at once, and frees what the person was known by', async () => {
    const session = await steps.join({ username: 'gone soon' });
    const { id: userId, phoneNumber } = session.user;
    expect(codesOf(await mutate(deleteQuery, session))).toEqual([]);
    expect(codesOf(await steps.refresh(session.refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
    expect((await findEvents(userId, 'session.revoked')).at(-1)).toMatchObject({ reason: 'ACCOUNT_LEFT' });
    const [notice] = await receiveMessages(fixture, phoneNumber, 2);
    expect(notice.text).toMatch(/account is being closed/);
    expect(codesOf(await steps.login(await steps.receiveOtp(phoneNumber, { earlier: 2 })))).toEqual([
      'NOT_REGISTERED',
    ]);
    fixture.clock.advance(30_000);
    const again = await steps.receiveOtp(phoneNumber, { purpose: 'REGISTRATION', earlier: 3 });
    const { user } = await steps.register({ ...again, username: 'gone soon' });
    expect(user.id).not.toBe(userId);
  });

  it('is over when the last subgraph has erased its part; then no row leads to the person', async () => {
    const session = await steps.join();
    const { id: userId, phoneNumber } = session.user;
    await mutate(deleteQuery, session);
    const [requested] = await findEvents(userId, 'user.erasure_requested');
    const { erasureId, pseudonym } = requested!;
    expect(pseudonym).not.toBe(userId);
    const [last = '', ...others] = personalDataHolders;
    for (const subgraph of [...others, ...others]) await complete(userId, erasureId, subgraph);
    expect(await findEvents(userId, 'user.deleted')).toEqual([]);
    await Promise.all([complete(userId, erasureId, last), complete(userId, erasureId, last)]);
    expect(await findEvents(userId, 'user.deleted')).toEqual([{ userId }]);

    const tables = await fixture.pool.query(`select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('event_log', 'audit_entry')`);
    for (const { name } of tables.rows) {
      const { rows } = await fixture.pool.query(
        `select count(*)::int as count from "${name}" as t
        where to_jsonb(t)::text like $1 or to_jsonb(t)::text like $2`,
        [`%${userId}%`, `%${phoneNumber}%`],
      );
      expect([name, rows[0].count]).toEqual([name, 0]);
    }
    const masked = `${phoneNumber.slice(0, 3)}*****${phoneNumber.slice(-4)}`;
    const { rows: sent } = await fixture.pool.query(
      'select template from notification_delivery where masked_destination = $1',
      [masked],
    );
    expect(sent).toEqual([]);
    const log = await fixture.pool.query('select payload from event_log where aggregate_id = $1', [userId]);
    expect(JSON.stringify(log.rows)).not.toContain(pseudonym);
  });

  it('is one erasure when asked for twice at the same moment', async () => {
    const session = await steps.join();
    await Promise.all(Array.from({ length: 5 }, () => mutate(deleteQuery, session)));
    expect(await findEvents(session.user.id, 'user.erasure_requested')).toHaveLength(1);
    expect(codesOf(await mutate(deleteQuery, session))).toEqual(['STEP_UP_REQUIRED']);
  });

  it('wants a recent proof, and a clear word', async () => {
    const session = await steps.join();
    const unclear = deleteQuery.replace('true', 'false');
    await expect(mutate(unclear, session)).rejects.toThrow('BAD_USER_INPUT');
    fixture.clock.advance(10 * 60_000);
    expect(codesOf(await mutate(deleteQuery, session))).toEqual(['STEP_UP_REQUIRED']);
    const { data } = await fixture.execute('{ me { id } }', {}, actorOf(session));
    expect(data.me).toEqual({ id: session.user.id });
  });

  it('lets an archive that was under way come to nothing', async () => {
    const session = await steps.join();
    const { id: userId } = session.user;
    const { dataExport } = await mutate(exportQuery, session);
    await mutate(deleteQuery, session);
    const part = { userId, exportId: dataExport.id, subgraph: 'kyc', piece: 0, pieces: 1, text: '{}' };
    await fixture.app.consume(toPrivacyEvent('export.part_ready', part));
    const { rows } = await fixture.pool.query('select 1 from data_export where id = $1', [dataExport.id]);
    expect(rows).toEqual([]);
  });
});
