import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts small secrets for storage and derives keyed hashes, all from one master key kept outside the database. */
export interface Sealer {
  /** Seals `plaintext` for one `purpose`; what is sealed for one purpose does not open for another. */
  seal(purpose: string, plaintext: string): string;
  /** Opens what {@link Sealer.seal} made. Throws when it was altered or sealed for another purpose. */
  unseal(purpose: string, sealed: string): string;
  /** HMAC-SHA-256 under a key of its own per purpose, hex. For secrets too short to hash in the open, such as OTPs. */
  keyedHash(purpose: string, message: string): string;
}

/**
 * @param masterKey 32 random bytes, base64. Keys per purpose are derived from it by HKDF-SHA-256 (RFC 5869).
 * @throws when the key has another length.
 */
export function createSealer(masterKey: string): Sealer {
  const master = Buffer.from(masterKey, 'base64');
  if (master.length !== 32) throw new Error('the master key must be 32 bytes in base64');
  const keys = new Map<string, Buffer>();
  const keyFor = (purpose: string): Buffer => {
    const known = keys.get(purpose);
    if (known) return known;
    const derived = Buffer.from(hkdfSync('sha256', master, '', `suvidha:${purpose}`, 32));
    keys.set(purpose, derived);
    return derived;
  };
  return {
    seal: (purpose, plaintext) => encrypt(keyFor(`seal:${purpose}`), plaintext),
    unseal: (purpose, sealed) => decrypt(keyFor(`seal:${purpose}`), sealed),
    keyedHash: (purpose, message) =>
      createHmac('sha256', keyFor(`hash:${purpose}`))
        .update(message)
        .digest('hex'),
  };
}

function encrypt(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce);
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function decrypt(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  // Without the length, Node would also take a tag cut down to four bytes, which can be guessed.
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  const body = bytes.subarray(nonceBytes + tagBytes);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
