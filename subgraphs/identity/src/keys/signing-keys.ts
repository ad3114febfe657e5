import { accessTokenAlgorithm } from '@suvidha/auth';
import { withAdvisoryLock } from '@suvidha/db';
import type { Log } from '@suvidha/log';
import type { Sealer } from '@suvidha/seal';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import type { Pool } from 'pg';
import type { PrismaClient, SigningKey } from '../generated/prisma/client.ts';
import { findSigner, isShown, keyPolicy } from './signing-key.rules.ts';

/** The key that signs now. */
export interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

export interface SigningKeysDependencies {
  readonly db: PrismaClient;
  readonly pool: Pool;
  readonly sealer: Sealer;
  readonly now: () => Date;
}

interface Loaded {
  readonly at: Date;
  readonly rows: readonly SigningKey[];
  readonly signer: Signer;
  readonly jwks: { readonly keys: JWK[] };
  readonly verificationKey: JWTVerifyGetKey;
}

/**
 * The keys of access tokens, as the database has them. They change while the process runs: a new key is shown to whoever
 * verifies before it signs, and an old one is shown until the last token that it signed has expired.
 */
export class SigningKeys {
  readonly #dependencies: SigningKeysDependencies;
  #loaded: Loaded | undefined;
  #loading: Promise<Loaded> | undefined;

  constructor(dependencies: SigningKeysDependencies) {
    this.#dependencies = dependencies;
  }

  async signer(): Promise<Signer> {
    return (await this.#load()).signer;
  }

  /** All public keys that verify, as `/.well-known/jwks.json` shows them. */
  async jwks(): Promise<{ readonly keys: JWK[] }> {
    return (await this.#load()).jwks;
  }

  /** Finds the public key of a token, by its `kid`. */
  readonly verificationKey: JWTVerifyGetKey = async (header, token) =>
    (await this.#load()).verificationKey(header, token);

  /**
   * Makes a new key. It signs once everybody who verifies can have seen it; then the keys before it retire.
   * @returns its `kid`, and from when on it signs.
   */
  async rotate(): Promise<{ kid: string; activatedAt: Date }> {
    const { db, pool, now } = this.#dependencies;
    const { kid, activatedAt } = await withAdvisoryLock(pool, 'signing-key', async () => {
      const waiting = (await readKeys(db)).find((row) => row.activatedAt > now());
      return waiting ?? this.#create(new Date(now().getTime() + keyPolicy.leadMs));
    });
    this.#loaded = undefined;
    return { kid, activatedAt };
  }

  /** Whether the newest key has signed for this long: it is time for another. Milliseconds. */
  async isDue(lifetimeMs: number): Promise<boolean> {
    const { db, now } = this.#dependencies;
    const newest = (await readKeys(db)).at(-1);
    return newest !== undefined && newest.activatedAt.getTime() + lifetimeMs <= now().getTime();
  }

  /** Removes keys that verify no more, with what is sealed of them: what is not there cannot be stolen. */
  async forgetOld(): Promise<void> {
    const { db, now } = this.#dependencies;
    const rows = await readKeys(db);
    const over = rows.filter((row) => !isShown(row, rows, now()));
    await db.signingKey.deleteMany({ where: { kid: { in: over.map(({ kid }) => kid) } } });
  }

  /**
   * Reads the keys again every now and then, until the function that it answers is called. So whoever signs in a
   * transaction need not wait for another connection to read them.
   */
  keepFresh(log: Log): () => void {
    const read = () =>
      this.#reload().catch((error: unknown) => log.warn({ error }, 'signing keys could not be read'));
    const timer = setInterval(read, keyPolicy.reloadMs).unref();
    return () => clearInterval(timer);
  }

  async #load(): Promise<Loaded> {
    const loaded = this.#loaded;
    const isFresh = loaded && this.#dependencies.now().getTime() - loaded.at.getTime() < keyPolicy.staleMs;
    return isFresh ? loaded : this.#reload();
  }

  #reload(): Promise<Loaded> {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #read(): Promise<Loaded> {
    const { db, sealer, now } = this.#dependencies;
    const at = now();
    const known = await readKeys(db);
    const rows = findSigner(known, at) ? known : await this.#readOrCreate(at);
    const current = findSigner(rows, at);
    if (!current) throw new Error('there is no key to sign access tokens with');
    const keys = rows.filter((row) => isShown(row, rows, at)).map((row) => row.publicJwk as unknown as JWK);
    const privateJwk = JSON.parse(sealer.unseal('signing-key', current.sealedPrivateJwk)) as JWK;
    this.#loaded = {
      at,
      rows,
      signer: {
        kid: current.kid,
        privateKey: (await importJWK(privateJwk, accessTokenAlgorithm)) as CryptoKey,
      },
      jwks: { keys },
      verificationKey: createLocalJWKSet({ keys }),
    };
    return this.#loaded;
  }

  /** The first process that finds no key to sign with makes one. */
  #readOrCreate(at: Date): Promise<readonly SigningKey[]> {
    const { db, pool } = this.#dependencies;
    return withAdvisoryLock(pool, 'signing-key', async () => {
      const known = await readKeys(db);
      return findSigner(known, at) ? known : [...known, await this.#create(at)];
    });
  }

  async #create(activatedAt: Date): Promise<SigningKey> {
    const { db, sealer, now } = this.#dependencies;
    const { publicKey, privateKey } = await generateKeyPair(accessTokenAlgorithm, { extractable: true });
    const publicJwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    const sealedPrivateJwk = sealer.seal('signing-key', JSON.stringify(await exportJWK(privateKey)));
    return db.signingKey.create({
      data: {
        kid,
        sealedPrivateJwk,
        createdAt: now(),
        activatedAt,
        publicJwk: { ...publicJwk, kid, alg: accessTokenAlgorithm, use: 'sig' } as object,
      },
    });
  }
}

function readKeys(db: PrismaClient): Promise<SigningKey[]> {
  return db.signingKey.findMany({ orderBy: { activatedAt: 'asc' } });
}
