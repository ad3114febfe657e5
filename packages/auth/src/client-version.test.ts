import { describe, expect, it } from 'vitest';
import { compareVersions, isVersion, judgeVersion } from './client-version.ts';

describe('compareVersions', () => {
  it.each([
    ['1.2.3', '1.2.3', 0],
    ['2', '2.0.0', 0],
    ['1.10', '1.9', 1],
    ['1.9.9', '1.10', -1],
    ['1.2.3.4', '1.2.3', 1],
  ])('%s and %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
    expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign);
  });
});

describe('isVersion', () => {
  it.each(['1', '0.0.1', '2.14.0', '1.2.3.4'])('takes %s', (text) => expect(isVersion(text)).toBe(true));

  it.each(['', 'v1', '1.', '1..2', '1.2.3.4.5', '1.2-beta', '-1', '9999999999', '1.2\n'])(
    'refuses %j',
    (text) => expect(isVersion(text)).toBe(false),
  );
});

describe('judgeVersion', () => {
  const served = { minimumVersion: '2.0', recommendedVersion: '2.4' };

  it.each([
    ['1.9.9', 'UPGRADE_REQUIRED'],
    ['2.0', 'UPGRADE_RECOMMENDED'],
    ['2.3.9', 'UPGRADE_RECOMMENDED'],
    ['2.4', 'SUPPORTED'],
    ['3', 'SUPPORTED'],
    ['newest', 'UPGRADE_REQUIRED'],
  ])('of %s: %s', (version, verdict) => {
    expect(judgeVersion(version, served)).toBe(verdict);
  });
});
