import { createAccessTokenVerifier, Role } from '@suvidha/auth';
import { demoPeople } from '@suvidha/demo';
import { testActor, testDependencies } from '@suvidha/testing';
import { fastify } from 'fastify';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createIdentityApp } from '../src/index.ts';
import {
  createExecute,
  type IdentityApp,
  type IdentityFixture,
  startIdentity,
} from './support/identity.fixture.ts';
import { actorOf, Steps } from './support/steps.ts';

let fixture: IdentityFixture;

beforeAll(async () => {
  fixture = await startIdentity();
});

afterAll(() => fixture[Symbol.asyncDispose]());

async function fetchKeys(app: IdentityApp): Promise<JSONWebKeySet> {
  const server = fastify();
  await server.register(app.routes);
  const response = await server.inject('/.well-known/jwks.json');
  await server.close();
  expect(response.statusCode).toBe(200);
  return response.json();
}

/** Runs `begin` and lets keys be added only when so many sessions wait to add one or for their turn to. */
async function whileNoKeyCanBeAdded<T>(pool: Pool, count: number, begin: () => T): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin; lock table signing_key in share mode');
    const begun = begin();
    await vi.waitFor(async () => expect(await countWaiting(pool)).toBe(count), {
      timeout: 20_000,
      interval: 10,
    });
    return begun;
  } finally {
    // Ends the transaction, and with it the lock.
    client.release(true);
  }
}

async function countWaiting(pool: Pool): Promise<number> {
  const { rows } = await pool.query(
    `select from pg_locks where not granted and (relation = 'signing_key'::regclass
      or (locktype = 'advisory'
          and ((classid::bigint << 32) | objid::bigint) = hashtextextended('signing-key', 0)))`,
  );
  return rows.length;
}

describe('/.well-known/jwks.json', () => {
  it('verifies access tokens', async () => {
    const { accessToken, user } = await new Steps(fixture).join({ clientApp: 'MOBILE' });
    const verify = createAccessTokenVerifier(createLocalJWKSet(await fetchKeys(fixture.app)));
    const { actor } = await verify(accessToken);
    expect(actor).toMatchObject({ kind: 'user', userId: user.id, clientApp: 'MOBILE', roles: ['USER'] });
  });

  it('shows public keys only', async () => {
    const { keys } = await fetchKeys(fixture.app);
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ]);
  });

  it('keeps the private key sealed in the database', async () => {
    const { rows } = await fixture.pool.query('select sealed_private_jwk as sealed from signing_key');
    expect(rows).toHaveLength(1);
    expect(rows[0].sealed).not.toContain('{');
    expect(Buffer.from(rows[0].sealed, 'base64url').toString()).not.toContain('"kty":');
  });
});

describe('the key that signs', () => {
  it('is one, however many apps start at once', async () => {
    const { pool, config } = fixture;
    await pool.query('delete from signing_key');
    const starts = await whileNoKeyCanBeAdded(pool, 4, () =>
      Array.from({ length: 4 }, () => createIdentityApp(testDependencies(config))),
    );
    const apps = await Promise.all(starts);
    const shown = await Promise.all(apps.map(fetchKeys));
    const kids = shown.flatMap(({ keys }) => keys.map(({ kid }) => kid));
    expect(kids).toHaveLength(4);
    expect(new Set(kids).size).toBe(1);
    await Promise.all(apps.map((app) => app.stop()));
  });

  it('is a new one when all are retired; retired ones still verify', async () => {
    await fixture.pool.query('update signing_key set retired_at = now()');
    const { rows } = await fixture.pool.query('select kid from signing_key');
    const next = await createIdentityApp({ ...testDependencies(fixture.config), now: fixture.clock.now });
    const { keys } = await fetchKeys(next);
    expect(keys).toHaveLength(2);
    expect(keys[0]?.kid).toBe(rows[0].kid);
    const { accessToken } = await new Steps({ ...fixture, execute: createExecute(next) }).join();
    expect(decodeProtectedHeader(accessToken).kid).toBe(keys[1]?.kid);
    await createAccessTokenVerifier(createLocalJWKSet(await fetchKeys(next)))(accessToken);
    await next.stop();
  });
});

describe('rotation without a restart', () => {
  it('shows the new key before it signs, and the old one until its tokens have expired', async () => {
    await using own = await startIdentity();
    const steps = new Steps(own);
    const admin = actorOf(await steps.login(await steps.receiveOtp(demoPeople.admin.phoneNumber)));
    const rotate = 'mutation { rotateSigningKeys { keyId activatedAt } }';
    const before = (await fetchKeys(own.app)).keys.map(({ kid }) => kid);

    const { data } = await own.execute(rotate, {}, admin);
    const { keyId, activatedAt } = data.rotateSigningKeys;
    expect(Date.parse(activatedAt) - own.clock.now().getTime()).toBe(600_000);
    expect((await fetchKeys(own.app)).keys.map(({ kid }) => kid)).toEqual([...before, keyId]);
    const early = await steps.join();
    expect(decodeProtectedHeader(early.accessToken).kid).toBe(before[0]);
    // Asked again before it signs, it is the same key.
    expect((await own.execute(rotate, {}, admin)).data.rotateSigningKeys.keyId).toBe(keyId);

    own.clock.advance(600_000);
    const late = await steps.join();
    expect(decodeProtectedHeader(late.accessToken).kid).toBe(keyId);
    const verify = createAccessTokenVerifier(own.app.verificationKey, { now: own.clock.now });
    for (const { accessToken, user } of [early, late])
      expect((await verify(accessToken)).actor.userId).toBe(user.id);

    own.clock.advance(31 * 60_000);
    expect((await fetchKeys(own.app)).keys.map(({ kid }) => kid)).toEqual([keyId]);
  });

  it('comes by itself when a key has signed for long enough, once, and the old key is destroyed', async () => {
    await using own = await startIdentity({ env: { SIGNING_KEY_DAYS: '30' } });
    const kids = async () =>
      (await own.pool.query('select kid from signing_key order by activated_at')).rows.map(({ kid }) => kid);
    const untilHousekept = async () => {
      const waiting = `select run_at from graphile_worker._private_jobs where key = 'identity-housekeeping'`;
      const next = new Date(own.clock.now().getTime() + 3_600_000);
      await vi.waitFor(async () => expect((await own.pool.query(waiting)).rows).toEqual([{ run_at: next }]), {
        timeout: 20_000,
        interval: 20,
      });
    };
    const runHousekeeping = async () => {
      await own.pool.query(
        `select from graphile_worker.add_job('identity-housekeeping', '{}', job_key := 'identity-housekeeping')`,
      );
      await untilHousekept();
    };
    // The first one comes with the start.
    await untilHousekept();
    const [first] = await kids();
    own.clock.advance(30 * 24 * 3_600_000 - 1);
    await runHousekeeping();
    expect(await kids()).toEqual([first]);

    own.clock.advance(1);
    await runHousekeeping();
    await runHousekeeping();
    const [, second, ...more] = await kids();
    expect([second, more]).toEqual([expect.any(String), []]);
    const { rows } = await own.pool.query(
      `select actor_id, request_id, details->>'keyId' as kid from audit_entry where action = 'KEYS_ROTATED'`,
    );
    expect(rows).toEqual([{ actor_id: null, request_id: 'schedule', kid: second }]);

    own.clock.advance(41 * 60_000);
    await runHousekeeping();
    expect(await kids()).toEqual([second]);
    const { accessToken } = await new Steps(own).join();
    expect(decodeProtectedHeader(accessToken).kid).toBe(second);
  });

  it('is for admins', async () => {
    const { errors } = await fixture.execute(
      'mutation { rotateSigningKeys { keyId } }',
      {},
      testActor({ roles: [Role.OPERATOR] }),
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
