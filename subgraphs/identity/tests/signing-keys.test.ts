import { createAccessTokenVerifier } from '@suvidha/auth';
import { testDependencies } from '@suvidha/testing';
import { fastify } from 'fastify';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentityApp } from '../src/index.ts';
import {
  createExecute,
  type IdentityApp,
  type IdentityFixture,
  loadTestConfig,
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
  it('is one, however many apps start at once on an empty database', async () => {
    const config = await loadTestConfig(fixture.sandbox);
    const apps = await Promise.all(
      Array.from({ length: 4 }, () => createIdentityApp(testDependencies(config))),
    );
    const kids = apps.flatMap(({ jwks }) => jwks.keys.map(({ kid }) => kid));
    expect(kids).toHaveLength(4);
    expect(new Set(kids).size).toBe(1);
    await Promise.all(apps.map((app) => app.stop()));
  });

  it('is a new one when all are retired; retired ones still verify', async () => {
    await fixture.pool.query('update signing_key set retired_at = now()');
    const [old] = fixture.app.jwks.keys;
    const next = await createIdentityApp({ ...testDependencies(fixture.config), now: fixture.clock.now });
    expect(next.jwks.keys).toHaveLength(2);
    expect(next.jwks.keys[0]).toEqual(old);
    const { accessToken } = await new Steps({ ...fixture, execute: createExecute(next) }).join();
    expect(decodeProtectedHeader(accessToken).kid).toBe(next.jwks.keys[1]?.kid);
    await createAccessTokenVerifier(createLocalJWKSet(await fetchKeys(next)))(accessToken);
    await next.stop();
  });
});
