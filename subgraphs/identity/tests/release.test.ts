import { Role } from '@suvidha/auth';
import { testActor } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { codesOf } from './support/steps.ts';

let fixture: IdentityFixture;

beforeAll(async () => {
  fixture = await startIdentity({ isStarted: false });
});

afterAll(() => fixture[Symbol.asyncDispose]());

const admin = testActor({ roles: [Role.ADMIN] });
const setRelease = `mutation ($input: SetClientReleaseInput!) { setClientRelease(input: $input) {
  clientRelease { app platform minimumVersion recommendedVersion downloadUrl } userErrors { code field } } }`;
const release = { app: 'MOBILE', platform: 'ANDROID', minimumVersion: '2.0', recommendedVersion: '2.4.1' };

async function set(input: object, actor = admin): Promise<Json> {
  const { data, errors } = await fixture.execute(setRelease, { input }, actor);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.setClientRelease;
}

async function ask(variables: object): Promise<Json> {
  const query = `query ($app: ClientApp!, $platform: ClientPlatform!, $version: String) {
    clientRelease(app: $app, platform: $platform, version: $version) { minimumVersion recommendedVersion status } }`;
  return (await fixture.execute(query, variables)).data.clientRelease;
}

describe('clientRelease', () => {
  it('tells everybody what a client of a version should do', async () => {
    await set(release);
    const { app, platform } = release;
    const verdict = async (version: string | null) => (await ask({ app, platform, version })).status;
    expect(await verdict('1.99')).toBe('UPGRADE_REQUIRED');
    expect(await verdict('2.0.0')).toBe('UPGRADE_RECOMMENDED');
    expect(await verdict('2.4.1')).toBe('SUPPORTED');
    expect(await verdict('not a version')).toBe('UPGRADE_REQUIRED');
    expect(await verdict(null)).toBeNull();
    expect(await ask({ app, platform: 'IOS', version: '0.1' })).toBeNull();
  });

  it('holds what was set last, once per app and platform', async () => {
    await Promise.all(
      ['3.1', '3.2', '3.3'].map((recommendedVersion) => set({ ...release, recommendedVersion })),
    );
    await set({
      ...release,
      minimumVersion: '3.0',
      recommendedVersion: '3.5',
      downloadUrl: 'https://example.com/app',
    });
    const { data } = await fixture.execute('{ clientReleases { app platform minimumVersion downloadUrl } }');
    expect(data.clientReleases).toEqual([
      { app: 'MOBILE', platform: 'ANDROID', minimumVersion: '3.0', downloadUrl: 'https://example.com/app' },
    ]);
    const entries = await fixture.execute(
      '{ auditLog(filter: { action: RELEASE_SET }, first: 1) { edges { node { actorId details } } } }',
      {},
      admin,
    );
    const [{ node }] = entries.data.auditLog.edges;
    expect([node.actorId, JSON.parse(node.details).minimumVersion]).toEqual([admin.userId, '3.0']);
  });

  it.each([
    [{ minimumVersion: 'v2' }, 'minimumVersion'],
    [{ recommendedVersion: '2.0-beta' }, 'recommendedVersion'],
    [{ minimumVersion: '2.5', recommendedVersion: '2.4' }, 'recommendedVersion'],
  ])('refuses %j', async (change, field) => {
    const payload = await set({ ...release, ...change });
    expect(payload).toMatchObject({ clientRelease: null, userErrors: [{ field: ['input', field] }] });
    expect(codesOf(payload)).toEqual(['INVALID_INPUT']);
  });

  it('is set by admins', async () => {
    await expect(set(release, testActor({ roles: [Role.OPERATOR] }))).rejects.toThrow('FORBIDDEN');
  });
});
