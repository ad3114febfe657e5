import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Sandbox } from '../src/index.ts';
import { type Answer, controlOf, type Json } from './sandbox.fixture.ts';

export const redirectUri = 'http://localhost:3000/back';
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
/** RFC 7636 appendix B. */
export const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** The address that an app sends the browser to. */
export function toAuthorizationUrl(base: string, fields: Record<string, string>): string {
  return `${base}?${new URLSearchParams({ redirect_uri: redirectUri, response_type: 'code', state: 's-1', ...fields })}`;
}

/** A person on the consent page; answers what their browser does next. */
export async function consent(
  sandbox: Sandbox,
  authorizationUrl: string,
  more: object = {},
): Promise<{ method: string; url: string; fields: Record<string, string> }> {
  const answer = await controlOf(sandbox).post('/consent', { authorizationUrl, ...more });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

export async function postForm(url: string, fields: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

/** Verifies against the published keys; throws when the signature is not theirs. */
export async function verifyToken(jwksUri: string, token: string): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwksUri)), { algorithms: ['RS256'] });
  return payload;
}

export function halfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}

export async function strike(sandbox: Sandbox, party: string, call: string, fault: string): Promise<void> {
  const answer = await controlOf(sandbox).post('/scenario', { party, call, fault });
  if (answer.status !== 204) throw new Error(JSON.stringify(answer.body));
}

/** An app's key at Apple and the client secrets that it signs. */
export function createAppleKey(audience: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000);
  const sign = (
    claims: Json = {},
    { kid = 'SANDBOXKEY', key = privateKey }: { kid?: string; key?: typeof privateKey } = {},
  ) =>
    new SignJWT({
      iss: 'SANDBOXTEA',
      sub: 'example.suvidha.web',
      aud: audience,
      iat: now,
      exp: now + 300,
      jti: randomBytes(4).toString('hex'),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(key);
  return { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), sign, now };
}
