import { accessTokenAlgorithm } from '@suvidha/auth';
import { withAdvisoryLock } from '@suvidha/db';
import type { Sealer } from '@suvidha/seal';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import type { Pool } from 'pg';
import type { PrismaClient, SigningKey } from '../generated/prisma/client.ts';

export interface SigningKeys {
  readonly kid: string;
  /** Signs access tokens. */
  readonly privateKey: CryptoKey;
  /** All public keys that verify, as `/.well-known/jwks.json` shows them. */
  readonly jwks: { readonly keys: JWK[] };
}

/** Loads the keys from the database; the first process that finds none to sign with makes one. */
export async function loadSigningKeys(db: PrismaClient, pool: Pool, sealer: Sealer): Promise<SigningKeys> {
  const rows = await withAdvisoryLock(pool, 'signing-key', async () => {
    const known = await readKeys(db);
    return known.some(isCurrent) ? known : [...known, await createKey(db, sealer)];
  });
  const current = rows.findLast(isCurrent);
  if (!current) throw new Error('there is no key to sign access tokens with');
  const privateJwk = JSON.parse(sealer.unseal('signing-key', current.sealedPrivateJwk)) as JWK;
  return {
    kid: current.kid,
    privateKey: (await importJWK(privateJwk, accessTokenAlgorithm)) as CryptoKey,
    jwks: { keys: rows.map((row) => row.publicJwk as unknown as JWK) },
  };
}

function isCurrent({ retiredAt }: SigningKey): boolean {
  return retiredAt === null;
}

function readKeys(db: PrismaClient): Promise<SigningKey[]> {
  return db.signingKey.findMany({ orderBy: { createdAt: 'asc' } });
}

async function createKey(db: PrismaClient, sealer: Sealer): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(accessTokenAlgorithm, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const sealedPrivateJwk = sealer.seal('signing-key', JSON.stringify(await exportJWK(privateKey)));
  return db.signingKey.create({
    data: {
      kid,
      sealedPrivateJwk,
      publicJwk: { ...publicJwk, kid, alg: accessTokenAlgorithm, use: 'sig' } as object,
    },
  });
}
