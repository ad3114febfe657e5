import { createHash, randomBytes } from 'node:crypto';
import {
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';

const algorithm = 'RS256';

interface Key {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** A provider's keys for signing tokens. They are made when first needed. */
export class TokenSigner {
  private keys: Promise<Key>[] = [];

  /** The public keys, newest first, as a JWK Set (RFC 7517). */
  async jwks(): Promise<{ keys: JWK[] }> {
    void this.current();
    return { keys: (await Promise.all(this.keys)).map(({ publicJwk }) => publicJwk) };
  }

  /** Signs with a new key from now on; the older one stays published. */
  rotate(): void {
    this.keys = [createKey(), ...this.keys].slice(0, 2);
  }

  /** Also adds what the claims lack: when it was issued. */
  async sign(claims: Record<string, unknown>): Promise<string> {
    const { privateKey, publicJwk } = await this.current();
    return new SignJWT({ iat: unixSeconds(), ...claims })
      .setProtectedHeader({ alg: algorithm, kid: publicJwk.kid })
      .sign(privateKey);
  }

  /** The claims of a token that was signed here and has not expired; null for any other. */
  async read(token: string): Promise<JWTPayload | null> {
    const keys = createLocalJWKSet(await this.jwks());
    return jwtVerify(token, keys, { algorithms: [algorithm] }).then(
      ({ payload }) => payload,
      () => null,
    );
  }

  /** Signs with a key that nobody knows, under the name of the right one. */
  async forge(claims: Record<string, unknown>): Promise<string> {
    const { publicJwk } = await this.current();
    const { privateKey } = await createKey();
    return new SignJWT({ iat: unixSeconds(), ...claims })
      .setProtectedHeader({ alg: algorithm, kid: publicJwk.kid })
      .sign(privateKey);
  }

  private current(): Promise<Key> {
    const known = this.keys[0];
    if (known !== undefined) return known;
    const created = createKey();
    this.keys = [created];
    return created;
  }
}

/** Now, as the claims of a JWT write it. */
export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** The left half of the digest, which ties an access token to an ID token (OpenID Connect Core §3.1.3.6). */
export function toHalfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}

async function createKey(): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const kid = randomBytes(20).toString('hex');
  return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' } };
}
