import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer } from './index.ts';

const masterKey = randomBytes(32).toString('base64');
const sealer = createSealer(masterKey);

describe('seal and unseal', () => {
  it('lead back to the same text', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        expect(sealer.unseal('test', sealer.seal('test', text))).toBe(text);
      }),
    );
  });

  it('never write the same twice', () => {
    expect(sealer.seal('test', '123456')).not.toBe(sealer.seal('test', '123456'));
  });

  it('open only under the same key', () => {
    const other = createSealer(randomBytes(32).toString('base64'));
    expect(() => other.unseal('test', sealer.seal('test', 'secret'))).toThrow();
    expect(createSealer(masterKey).unseal('test', sealer.seal('test', 'secret'))).toBe('secret');
  });

  it('open only for the same purpose', () => {
    expect(() => sealer.unseal('signing-key', sealer.seal('otp', 'secret'))).toThrow();
  });

  it('do not open what was altered, whichever byte', () => {
    const sealed = Buffer.from(sealer.seal('test', 'secret'), 'base64url');
    for (let index = 0; index < sealed.length; index += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8((sealed.readUInt8(index) + 1) % 256, index);
      expect(() => sealer.unseal('test', altered.toString('base64url'))).toThrow();
    }
  });

  it('do not open what was cut, however short', () => {
    const sealed = Buffer.from(sealer.seal('test', 'secret'), 'base64url');
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => sealer.unseal('test', sealed.subarray(0, length).toString('base64url'))).toThrow();
  });

  it('take no authentication tag that was cut down to a length that can be guessed', () => {
    const key = Buffer.from(
      hkdfSync('sha256', Buffer.from(masterKey, 'base64'), '', 'suvidha:seal:test', 32),
    );
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.final();
    const [full, cut] = [cipher.getAuthTag(), cipher.getAuthTag().subarray(0, 4)].map((tag) =>
      Buffer.concat([nonce, tag]).toString('base64url'),
    );
    expect(sealer.unseal('test', full ?? '')).toBe('');
    expect(() => sealer.unseal('test', cut ?? '')).toThrow();
  });

  it.each(['', 'not sealed', '💥'])('do not open %j', (text) => {
    expect(() => sealer.unseal('test', text)).toThrow();
  });
});

describe('keyedHash', () => {
  it('is the same for the same key, purpose and message only', () => {
    const hash = sealer.keyedHash('otp', '123456');
    expect(hash).toMatch(/^[\da-f]{64}$/);
    expect(createSealer(masterKey).keyedHash('otp', '123456')).toBe(hash);
    const others = [
      sealer.keyedHash('otp', '123457'),
      sealer.keyedHash('other', '123456'),
      createSealer(randomBytes(32).toString('base64')).keyedHash('otp', '123456'),
    ];
    expect(new Set([hash, ...others]).size).toBe(4);
  });
});

it.each([0, 16, 31, 33])('refuses a master key of %i bytes and does not repeat it', (length) => {
  const key = randomBytes(length).toString('base64');
  expect(() => createSealer(key)).toThrow(/^the master key must be 32 bytes in base64$/);
});
