import { createAccessTokenVerifier } from '@suvidha/auth';
import { testDependencies } from '@suvidha/testing';
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
import { Steps } from './support/steps.ts';

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
    expect(Buffer.from(rows[0].sealed, 'base64url').toString()).not.toContain('"d"');
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
    const kids = apps.flatMap(({ jwks }) => jwks.keys.map(({ kid }) => kid));
    expect(kids).toHaveLength(4);
    expect(new Set(kids).size).toBe(1);
    await Promise.all(apps.map((app) => app.stop()));
  });

  it('is a new one when all are retired; retired ones still verify', async () => {
    await fixture.pool.query('update signing_key set retired_at = now()');
    const { rows } = await fixture.pool.query('select kid from signing_key');
    const next = await createIdentityApp({ ...testDependencies(fixture.config), now: fixture.clock.now });
    expect(next.jwks.keys).toHaveLength(2);
    expect(next.jwks.keys[0]?.kid).toBe(rows[0].kid);
    const { accessToken } = await new Steps({ ...fixture, execute: createExecute(next) }).join();
    expect(decodeProtectedHeader(accessToken).kid).toBe(next.jwks.keys[1]?.kid);
    await createAccessTokenVerifier(createLocalJWKSet(await fetchKeys(next)))(accessToken);
    await next.stop();
  });
});
