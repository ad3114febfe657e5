import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ClientApp, Role } from './role.ts';
import { type CallIdentity, signIdentity, verifyIdentity } from './signed-identity.ts';

const secret = 'a secret that only tests know and use';
const call = { audience: 'billing', operation: '{"query":"{ bills { edges { cursor } } }"}' };
const identity: CallIdentity = {
  issuer: 'gateway',
  requestId: 'request-1',
  actor: {
    kind: 'user',
    userId: 'user-1',
    sessionId: 'session-1',
    clientApp: ClientApp.WEB,
    roles: [Role.USER],
    scopes: [],
  },
};

const signed = signIdentity(secret, identity, call);
const [payload = '', signature = ''] = signed.split('.');

/** Signs any payload as the real signer would, by the documented construction. */
function forge(content: string, audience = call.audience): string {
  const encoded = Buffer.from(content).toString('base64url');
  const key = createHmac('sha256', secret).update(`identity:${audience}`).digest();
  return `${encoded}.${createHmac('sha256', key).update(encoded).digest('base64url')}`;
}

function decode(): Record<string, unknown> {
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

describe('a signed identity', () => {
  it('says who calls, for the call it was made for', () => {
    expect(verifyIdentity(secret, signed, call)).toEqual(identity);
  });

  it('says where the request came from, where that is known', () => {
    const client = { address: '203.0.113.9', origin: 'https://app.example.com', userAgent: 'a browser' };
    const withClient = signIdentity(secret, { ...identity, client }, call);
    expect(verifyIdentity(secret, withClient, call)).toEqual({ ...identity, client });
  });

  it.each([
    ['another secret', () => verifyIdentity(`${secret}!`, signed, call)],
    ['another audience', () => verifyIdentity(secret, signed, { ...call, audience: 'payments' })],
    ['another operation', () => verifyIdentity(secret, signed, { ...call, operation: `${call.operation} ` })],
    ['an empty operation', () => verifyIdentity(secret, signed, { ...call, operation: '' })],
  ])('is nothing under %s', (_what, verify) => {
    expect(verify()).toBeNull();
  });

  it('cannot be changed to somebody else', () => {
    const admin = { ...decode(), actor: { ...identity.actor, userId: 'user-2', scopes: ['user:admin'] } };
    const changed = Buffer.from(JSON.stringify(admin)).toString('base64url');
    expect(verifyIdentity(secret, `${changed}.${signature}`, call)).toBeNull();
  });

  it('is nothing when any character of it was changed', () => {
    for (let index = 0; index < signed.length - 1; index += 1) {
      const other = signed[index] === 'A' ? 'B' : 'A';
      const changed = signed.slice(0, index) + other + signed.slice(index + 1);
      expect(verifyIdentity(secret, changed, call)).toBeNull();
    }
  });

  it.each([
    '',
    '.',
    '..',
    payload,
    `${payload}.`,
    `.${signature}`,
    `${signed}.${signature}`,
    `${payload}.${signature.slice(0, 20)}`,
    'null',
    '[object Object]',
    '💥.💥',
  ])('is not %j', (text) => {
    expect(verifyIdentity(secret, text, call)).toBeNull();
  });

  it.each(['not json', '', 'null', '[]', '"text"', '42', '{}', '{"audience":"billing"}'])(
    'is not %j, even rightly signed, and nothing is thrown',
    (content) => {
      expect(verifyIdentity(secret, forge(content), call)).toBeNull();
    },
  );

  it('must say when it expires', () => {
    const { expiresAt, ...claims } = decode();
    expect(verifyIdentity(secret, forge(JSON.stringify({ ...claims, expiresAt })), call)).toEqual(identity);
    expect(verifyIdentity(secret, forge(JSON.stringify(claims)), call)).toBeNull();
  });
});

describe('its time', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is half a minute', () => {
    vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z'), toFake: ['Date'] });
    const fresh = signIdentity(secret, identity, call);
    vi.setSystemTime(new Date('2026-01-01T00:00:29Z'));
    expect(verifyIdentity(secret, fresh, call)).toEqual(identity);
    vi.setSystemTime(new Date('2026-01-01T00:00:31Z'));
    expect(verifyIdentity(secret, fresh, call)).toBeNull();
  });
});
