import { randomBytes } from 'node:crypto';
import type { Call } from '../control/calls.ts';
import type { Faults } from '../control/faults.ts';
import { type TokenSigner, toHalfHash, unixSeconds } from './token-signer.ts';

type Claims = Record<string, unknown> & { readonly exp: number };

const changes: Readonly<Record<string, (claims: Claims) => Record<string, unknown>>> = {
  'wrong-nonce': () => ({ nonce: randomBytes(16).toString('base64url') }),
  'wrong-audience': () => ({ aud: 'another-app', azp: 'another-app' }),
  'wrong-issuer': () => ({ iss: 'https://issuer.invalid' }),
  'wrong-at-hash': () => ({ at_hash: toHalfHash('another token') }),
  expired: () => ({ iat: unixSeconds() - 7200, exp: unixSeconds() - 3600 }),
};

/** Signs an ID token, or one with the fault that a scenario asks for. */
export async function signIdToken(
  signer: TokenSigner,
  claims: Claims,
  at: { faults: Faults; call: Call },
): Promise<string> {
  const signal = new AbortController().signal;
  const fault = await at.faults.strike({ call: at.call, step: 'before', signal });
  if (fault?.name === 'key-rotated') signer.rotate();
  if (fault?.name === 'wrong-signature') return signer.forge(claims);
  return signer.sign({ ...claims, ...changes[fault?.name ?? '']?.(claims) });
}
