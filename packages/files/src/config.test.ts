import { ConfigError, loadConfig } from '@suvidha/config';
import { describe, expect, it } from 'vitest';
import { fileVariables } from './config.ts';

const [one, two] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];
const good = {
  KYC_PUBLIC_URL: 'http://localhost:4000/kyc',
  FILE_MASTER_KEYS: `b:${two}, a:${one}`,
  FILE_URL_KEYS: `${one},${two}`,
};

describe('the configuration of files', () => {
  it('reads key rings, the current key first', () => {
    const { files } = loadConfig(fileVariables('kyc'), good);
    expect(files.masterKeys.map(({ id, key }) => [id, key[0]])).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
    expect(files.urlKeys.map((key) => key[0])).toEqual([1, 2]);
  });

  it.each([
    ['FILE_MASTER_KEYS', one],
    ['FILE_MASTER_KEYS', 'a:c2hvcnQ='],
    ['FILE_MASTER_KEYS', `a:${one},a:${two}`],
    ['FILE_MASTER_KEYS', `a:${one},`],
    ['FILE_URL_KEYS', 'c2hvcnQ='],
    ['FILE_URL_KEYS', `${one},`],
  ])('names %s and never the value', (name, value) => {
    const load = () => loadConfig(fileVariables('kyc'), { ...good, [name]: value });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(new RegExp(`${name} must be`));
    expect(load).not.toThrow(value.slice(0, 10));
  });
});
