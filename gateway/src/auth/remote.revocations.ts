import { type CallIdentity, identityHeader, signIdentity } from '@suvidha/auth';
import { z } from 'zod';
import type { RevocationSource } from './revocation.list.ts';

const batch = z.object({
  revocations: z.array(
    z.object({ kind: z.enum(['session', 'user']), id: z.string(), notBefore: z.coerce.date() }),
  ),
  cursor: z.string(),
});

/** Longer than the identity service waits for news. */
const timeoutMs = 3_000;

/** Asks the identity service over HTTP, as one of our own processes. It answers at once when there is news. */
export function createRemoteRevocations({
  identityUrl,
  internalSecret,
}: {
  readonly identityUrl: string;
  readonly internalSecret: string;
}): RevocationSource {
  const url = new URL('/internal/revocations', identityUrl);
  return {
    read: async (since, signal) => {
      const body = JSON.stringify({ since });
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [identityHeader]: signIdentity(internalSecret, caller, { audience: 'identity', operation: body }),
        },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (!response.ok) throw new Error(`the identity service answered ${response.status}`);
      return batch.parse(await response.json());
    },
  };
}

const caller: CallIdentity = {
  issuer: 'gateway',
  actor: { kind: 'service', service: 'gateway' },
  requestId: 'revocations',
};
