import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { describe, expect, it } from 'vitest';
import { createAccessTokenVerifier } from './access-token.ts';

const pair = await generateKeyPair('ES256', { extractable: true });
const stranger = await generateKeyPair('ES256');
const strangerJwk = await exportJWK(stranger.publicKey);
const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
const verify = createAccessTokenVerifier(createLocalJWKSet({ keys: [jwk] }));

const claims = {
  iss: 'suvidha-identity',
  sub: 'user-1',
  sid: 'session-1',
  aud: 'WEB',
  roles: ['USER'],
  exp: Math.floor(Date.now() / 1000) + 900,
};
const header = { alg: 'ES256', typ: 'at+jwt', kid: 'one' };

function sign(
  payload: JWTPayload = {},
  { key = pair.privateKey, ...more }: Partial<JWTHeaderParameters> & { key?: CryptoKey | Uint8Array } = {},
): Promise<string> {
  return new SignJWT({ ...claims, ...payload }).setProtectedHeader({ ...header, ...more }).sign(key);
}

const invalid = { code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' };

describe('an access token', () => {
  it('stands for a person, with the scopes of their roles', async () => {
    const { actor, expiresAt } = await verify(await sign({ roles: ['USER', 'OPERATOR', 'EMPEROR'] }));
    expect(actor).toMatchObject({
      kind: 'user',
      userId: 'user-1',
      sessionId: 'session-1',
      clientApp: 'WEB',
      roles: ['USER', 'OPERATOR'],
      scopes: expect.arrayContaining(['bill:read']),
    });
    expect(expiresAt).toEqual(new Date(claims.exp * 1000));
  });

  it('says when it was issued, to the millisecond, if it says so at all', async () => {
    const issuedAt = new Date(Date.now() - 1_234);
    expect(await verify(await sign({ iat: issuedAt.getTime() / 1000 }))).toMatchObject({ issuedAt });
    expect((await verify(await sign())).issuedAt).toBeUndefined();
  });

  it('says so when it has expired', async () => {
    const exp = Math.floor(Date.now() / 1000) - 1;
    await expect(verify(await sign({ exp }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_EXPIRED',
    });
  });

  it('that has expired and is forged is forged', async () => {
    await expect(verify(await sign({ exp: 1 }, { key: stranger.privateKey }))).rejects.toMatchObject(invalid);
  });

  it.each([
    ['an issuer of somebody else', { iss: 'somebody' }],
    ['an audience that is no app of ours', { aud: 'suvidha-payments' }],
    ['no subject', { sub: undefined }],
    ['no session', { sid: undefined }],
    ['no roles', { roles: undefined }],
    ['no expiry', { exp: undefined }],
  ])('is refused with %s', async (_what, payload) => {
    await expect(verify(await sign(payload))).rejects.toMatchObject(invalid);
  });

  it.each([
    ['a key of somebody else', () => sign({}, { key: stranger.privateKey })],
    ['an unknown kid', () => sign({}, { kid: 'two' })],
    ['a kid that is a path', () => sign({}, { kid: '../../dev/null' })],
    ['a kid that is no text', () => sign({}, { kid: 1 as unknown as string })],
    ['a key of its own in it', () => sign({}, { jwk: strangerJwk, key: stranger.privateKey })],
    [
      'a key of its own in it, and no kid',
      () => sign({}, { jwk: strangerJwk, kid: undefined, key: stranger.privateKey }),
    ],
    [
      'an address of keys in it',
      () => sign({}, { jku: 'https://evil.example/keys', key: stranger.privateKey }),
    ],
    ['another type', () => sign({}, { typ: 'payment-request+jwt' })],
    ['no type', () => sign({}, { typ: undefined })],
    ['no signature', async () => new UnsecuredJWT(claims).encode()],
    [
      'a signature by the public key as a shared secret',
      async () => {
        const key = new TextEncoder().encode(await exportSPKI(pair.publicKey));
        return sign({}, { alg: 'HS256', key });
      },
    ],
  ])('is refused with %s', async (_what, make) => {
    await expect(verify(await make())).rejects.toMatchObject(invalid);
  });

  it('is refused when its claims were changed', async () => {
    const [head, , signature] = (await sign()).split('.');
    const changed = Buffer.from(JSON.stringify({ ...claims, roles: ['ADMIN'] })).toString('base64url');
    await expect(verify(`${head}.${changed}.${signature}`)).rejects.toMatchObject(invalid);
  });

  it.each(['', 'token', 'a.b.c', '..', '💥', 'null', 'x'.repeat(10_000)])('is not %.10j', async (text) => {
    await expect(verify(text)).rejects.toMatchObject(invalid);
  });
});

describe('keys that cannot be had', () => {
  const unavailable = { code: 'UPSTREAM_UNAVAILABLE' };

  async function verifyAgainst(listener: RequestListener): Promise<unknown> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${port}/`), { timeoutDuration: 100 });
    try {
      return await createAccessTokenVerifier(keys)(await sign());
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it.each<[string, RequestListener]>([
    ['answers 503', (_request, response) => response.writeHead(503).end()],
    ['answers no JSON', (_request, response) => response.end('<html>')],
    ['answers no key set', (_request, response) => response.end('{"keys":"none"}')],
    ['does not answer', () => undefined],
    ['hangs up', (request) => request.socket.destroy()],
  ])('are our fault and not the token: the endpoint %s', async (_what, listener) => {
    await expect(verifyAgainst(listener)).rejects.toMatchObject(unavailable);
  });

  it('are had when the endpoint answers', async () => {
    const answer = JSON.stringify({ keys: [jwk] });
    await expect(verifyAgainst((_request, response) => response.end(answer))).resolves.toMatchObject({
      actor: { userId: 'user-1' },
    });
  });
});
