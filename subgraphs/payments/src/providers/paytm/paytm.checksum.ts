import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Fixed by Paytm for every merchant: the salt inside is what makes two checksums of one text differ. */
const initializationVector = '@@@@&&&&####$$$$';
const saltLength = 4;

/**
 * Paytm's checksum: `sha256_hex(text|salt) + salt`, encrypted with AES-128-CBC under the merchant key
 * (https://www.paytmpayments.com/docs/checksum).
 * @param salt four characters. Default: random.
 */
export function signText(text: string, merchantKey: string, salt = toSalt(randomBytes(3))): string {
  const cipher = createCipheriv('aes-128-cbc', merchantKey, initializationVector);
  return cipher.update(toHash(text, salt), 'latin1', 'base64') + cipher.final('base64');
}

/** Whether a checksum holds under one of the keys. One that cannot be decrypted does not. */
export function isTextSigned(text: string, checksum: string, merchantKeys: readonly string[]): boolean {
  return merchantKeys.some((merchantKey) => {
    const given = decrypt(checksum, merchantKey);
    if (!given || given.length <= saltLength) return false;
    const expected = Buffer.from(toHash(text, given.subarray(-saltLength).toString('latin1')), 'latin1');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** What is signed of form fields: whatever came but the checksum, its values in the order of the names, joined by `|`. */
export function toSignedText(fields: Readonly<Record<string, string>>): string {
  return Object.keys(fields)
    .filter((name) => name !== 'CHECKSUMHASH')
    .sort()
    .map((name) => fields[name])
    .join('|');
}

function toSalt(bytes: Buffer): string {
  return bytes.toString('base64');
}

function toHash(text: string, salt: string): string {
  return createHash('sha256').update(`${text}|${salt}`).digest('hex') + salt;
}

/** Null: made with another key, or not a checksum at all. */
function decrypt(checksum: string, merchantKey: string): Buffer | null {
  const encrypted = Buffer.from(checksum, 'base64');
  if (encrypted.toString('base64') !== checksum) return null;
  try {
    const decipher = createDecipheriv('aes-128-cbc', merchantKey, initializationVector);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    return null;
  }
}
