import { describe, expect, it } from 'vitest';
import {
  hasOtherWayIn,
  isChallengeMet,
  isRedirectAllowed,
  parseRedirects,
  toDisplayName,
} from './social-login.rules.ts';

describe('the list of addresses', () => {
  it('is read by app', () => {
    const entries = ['WEB=https://a.example/x', 'WEB=http://localhost:*/y', 'MOBILE=a.b.c:/login'];
    expect(parseRedirects(entries)).toEqual({
      WEB: ['https://a.example/x', 'http://localhost:*/y'],
      MOBILE: ['a.b.c:/login'],
    });
    expect(parseRedirects([])).toEqual({});
  });

  it.each(['https://a.example/x', 'TABLET=https://a.example/x', 'WEB=', 'WEB=/x', '__proto__=https://a'])(
    'is refused as a whole for %j',
    (entry) => {
      expect(parseRedirects(['WEB=https://a.example/x', entry])).toBeNull();
    },
  );

  it.each([
    ['https://a.example/x', true],
    ['https://a.example/x/', false],
    ['https://a.example/x?y', false],
    ['HTTPS://a.example/x', false],
    ['http://localhost:1/y', true],
    ['http://localhost/y', false],
    ['http://localhost:1/y/z', false],
    ['http://localhost:1:2/y', false],
    ['http://localhost:123456/y', false],
    ['http://localhost:1@evil.example/y', false],
    ['http://localhost:65536/y', false],
    ['http://localhost:/y', false],
    ['http://localhost:*/y', false],
    ['http://localhost:1//evil.example/y', false],
    ['http://localhost:1\\@evil.example/y', false],
    ['http://localhost:1/\ty', false],
    ['http://localhost:1/y#', false],
    ['http://LOCALHOST:1/y', false],
    ['http://loc\u0430lhost:1/y', false],
    ['http://localhost\u3002evil.example:1/y', false],
    ['//a.example/x', false],
    ['https:/a.example/x', false],
    ['https:\\\\a.example/x', false],
    ['https://a.example@evil.example/x', false],
    ['https://a.example:443/x', false],
    ['https://a.example/./x', false],
    ['https://a.example/%78', false],
    [' https://a.example/x', false],
    ['http://localhost.evil.example:1/y', false],
  ])('allows %s: %s', (uri, isAllowed) => {
    const list = parseRedirects(['WEB=https://a.example/x', 'WEB=http://localhost:*/y']) ?? {};
    expect(isRedirectAllowed(list, 'WEB', uri)).toBe(isAllowed);
    expect(isRedirectAllowed(list, 'MOBILE', uri)).toBe(false);
  });
});

it('takes the verifier of RFC 7636 appendix B and no other', () => {
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  expect(isChallengeMet(challenge, 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(true);
  for (const verifier of ['', null, undefined, 'x', challenge])
    expect(isChallengeMet(challenge, verifier)).toBe(false);
  expect(isChallengeMet(null, undefined)).toBe(true);
});

it.each([
  ['  Asha\n\tRao ', 'Asha Rao'],
  ['', null],
  [' \u0000 ', null],
  [null, null],
  ['x'.repeat(101), 'x'.repeat(100)],
])('makes a line of the name %j', (text, name) => {
  expect(toDisplayName(text)).toBe(name);
});

describe('another way in', () => {
  const nobody = { phoneVerifiedAt: null, emailVerifiedAt: null, email: null, passwordHash: null };
  const link = { email: 'a@example.com', isPrivateEmail: false };
  const at = new Date(0);

  it.each([
    ['nothing', nobody, link, 0, false],
    ['another link', nobody, link, 1, true],
    ['a number', { ...nobody, phoneVerifiedAt: at }, link, 0, true],
    ['an address', { ...nobody, email: 'a@example.com', emailVerifiedAt: at }, link, 0, true],
    ['an address that is not proven', { ...nobody, email: 'a@example.com' }, link, 0, false],
    ['a password', { ...nobody, passwordHash: 'x' }, link, 0, true],
    [
      "the link's own relay",
      { ...nobody, email: 'a@example.com', emailVerifiedAt: at },
      { ...link, isPrivateEmail: true },
      0,
      false,
    ],
    [
      'an address beside a relay',
      { ...nobody, email: 'b@example.com', emailVerifiedAt: at },
      { ...link, isPrivateEmail: true },
      0,
      true,
    ],
  ])('is left with %s: %#', (_what, user, leaving, others, isLeft) => {
    expect(hasOtherWayIn(user, leaving, others)).toBe(isLeft);
  });
});
