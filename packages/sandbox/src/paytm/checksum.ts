import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The same for every merchant. */
const IV = '@@@@&&&&####$$$$';
const SALT_LENGTH = 4;

/**
 * Paytm's checksum of a text: SHA-256 with a salt, encrypted with the merchant key
 * (https://github.com/paytm/Paytm_Node_Checksum).
 *
 * @param salt four characters; random unless given
 */
export function signText(text: string, merchantKey: string, salt = createSalt()): string {
  const cipher = createCipheriv('aes-128-cbc', merchantKey, IV);
  return cipher.update(hash(text, salt), 'latin1', 'base64') + cipher.final('base64');
}

/** The checksum of form fields: of their values in the order of their names, joined by `|`. */
export function signFields(fields: Record<string, string>, merchantKey: string, salt?: string): string {
  return signText(joinFields(fields), merchantKey, salt);
}

/** Whether the checksum of a text holds; one that cannot be decrypted does not. */
export function isSigned(text: string, merchantKey: string, checksum: string): boolean {
  const given = decrypt(checksum, merchantKey);
  if (given === null || given.length <= SALT_LENGTH) return false;
  const expected = hash(text, given.slice(-SALT_LENGTH));
  return (
    given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected, 'latin1'))
  );
}

export function joinFields({ CHECKSUMHASH: _, ...fields }: Record<string, string>): string {
  return Object.keys(fields)
    .sort()
    .map((name) => fields[name])
    .join('|');
}

function createSalt(): string {
  return randomBytes(3).toString('base64');
}

function hash(text: string, salt: string): string {
  return createHash('sha256').update(`${text}|${salt}`).digest('hex') + salt;
}

function decrypt(checksum: string, merchantKey: string): string | null {
  try {
    const decipher = createDecipheriv('aes-128-cbc', merchantKey, IV);
    return decipher.update(checksum, 'base64', 'latin1') + decipher.final('latin1');
  } catch {
    return null;
  }
}
