import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether an `Authorization` header carries these Basic credentials (RFC 7617). The scheme word must be spelled
 * `Basic`: Razorpay refuses other casings, and its clients must not rely on leniency here.
 */
export function isBasicAuth(
  header: string | undefined,
  expected: { user: string; password: string },
): boolean {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/.exec(header ?? '')?.[1];
  if (encoded === undefined) return false;
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  return isEqual(given, `${expected.user}:${expected.password}`);
}

/** Digests first, so that neither length nor content shows in the time it takes. */
function isEqual(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
