import { describe, expect, it } from 'vitest';
import { isOriginAllowed } from './origin.ts';

const origins = ['https://parent.example.com', 'http://localhost:*'];

describe('isOriginAllowed', () => {
  it.each(['https://parent.example.com', 'http://localhost:5173', 'http://localhost'])(
    'takes %s',
    (origin) => {
      expect(isOriginAllowed(origin, origins)).toBe(true);
    },
  );

  it.each([
    'http://parent.example.com',
    'https://parent.example.com.evil.example',
    'https://evil.example/https://parent.example.com',
    'https://user@parent.example.com',
    'https://parent.example.com/',
    'http://localhost.evil.example:80',
    'null',
    '',
  ])('refuses %j', (origin) => {
    expect(isOriginAllowed(origin, origins)).toBe(false);
  });
});
