import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Actor } from './actor.ts';
import type { ClientInfo } from './client-info.ts';

/** The HTTP header, and the key in a WebSocket operation's `extensions`, that carries a signed identity. */
export const identityHeader = 'suvidha-identity';

/** How long a signed identity may be used, in seconds: long enough for a slow network, too short to be worth stealing. */
const lifetimeSeconds = 30;

/** Who calls, on whose behalf, and which request it belongs to. */
export interface CallIdentity {
  /** The service that makes the call, such as `gateway`. */
  readonly issuer: string;
  readonly actor: Actor;
  readonly requestId: string;
  /** Where the client's request came from. Absent: nobody outside asked. */
  readonly client?: ClientInfo;
}

interface Claims extends CallIdentity {
  readonly audience: string;
  /** SHA-256 of the operation's bytes: an identity cannot be moved to another operation. */
  readonly operation: string;
  readonly expiresAt: number;
}

/**
 * Signs an identity for one call to one service (HMAC-SHA-256 under a key of the audience's own).
 * @param operation the request body exactly as it is sent.
 */
export function signIdentity(
  secret: string,
  identity: CallIdentity,
  { audience, operation }: { audience: string; operation: string },
): string {
  const claims: Claims = {
    ...identity,
    audience,
    operation: digest(operation),
    expiresAt: Math.floor(Date.now() / 1000) + lifetimeSeconds,
  };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${mac(secret, audience, payload).toString('base64url')}`;
}

/**
 * Checks signature, audience, operation and expiry.
 * @returns null when any of them is wrong: the caller refuses without saying which.
 */
export function verifyIdentity(
  secret: string,
  signed: string,
  { audience, operation }: { audience: string; operation: string },
): CallIdentity | null {
  const [payload, signature, ...rest] = signed.split('.');
  if (!payload || !signature || rest.length > 0) return null;
  const expected = mac(secret, audience, payload);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const claims = readClaims(payload);
  const isMeant = claims?.audience === audience && claims.operation === digest(operation);
  if (!isMeant || !(claims.expiresAt * 1000 > Date.now())) return null;
  const { issuer, actor, requestId, client } = claims;
  return { issuer, actor, requestId, ...(client && { client }) };
}

/** Null when the payload is not JSON: a refusal like any other. */
function readClaims(payload: string): Claims | null {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims | null;
  } catch {
    return null;
  }
}

function digest(operation: string): string {
  return createHash('sha256').update(operation).digest('base64url');
}

/** The audience is part of the key, so that what one service accepts says nothing to another. */
function mac(secret: string, audience: string, payload: string): Buffer {
  const key = createHmac('sha256', secret).update(`identity:${audience}`).digest();
  return createHmac('sha256', key).update(payload).digest();
}
