import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createClientInfoReader } from '../src/auth/client-info.ts';

function request(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  return { headers: { host: 'api.example.com', ...headers }, socket: { remoteAddress } } as IncomingMessage;
}

const spoofed = { 'x-forwarded-for': '1.2.3.4' };

describe('the address of a client', () => {
  it('is that of its connection, whatever it says of itself', () => {
    const read = createClientInfoReader([]);
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip'])
      expect(read(request('203.0.113.9', { [header]: '1.2.3.4' })).address).toBe('203.0.113.9');
  });

  it('is what a trusted proxy says, and nobody before it', () => {
    const read = createClientInfoReader(['10.0.0.0/8']);
    expect(read(request('10.0.0.7', spoofed)).address).toBe('1.2.3.4');
    expect(read(request('203.0.113.9', spoofed)).address).toBe('203.0.113.9');
    const chain = { 'x-forwarded-for': '6.6.6.6, 198.51.100.2, 10.0.0.3' };
    expect(read(request('10.0.0.7', chain)).address).toBe('198.51.100.2');
  });
});

describe('the origin of a client', () => {
  const read = createClientInfoReader([]);

  it('is that of the page, unless the page is ours', () => {
    expect(read(request('::1', { origin: 'https://app.example.com' })).origin).toBe(
      'https://app.example.com',
    );
    expect(read(request('::1', { origin: 'https://api.example.com' })).origin).toBeUndefined();
    expect(read(request('::1', { origin: 'null' })).origin).toBe('null');
    expect(read(request('::1')).origin).toBeUndefined();
  });
});

it('cuts what a client calls itself', () => {
  const { userAgent } = createClientInfoReader([])(request('::1', { 'user-agent': 'x'.repeat(10_000) }));
  expect(userAgent).toHaveLength(200);
});
