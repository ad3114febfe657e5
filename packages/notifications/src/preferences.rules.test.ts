import { describe, expect, it } from 'vitest';
import { decide, type Preferences } from './preferences.rules.ts';

const night: Preferences = {
  channels: { ORDERS: ['SMS', 'EMAIL', 'PUSH'], PAYMENTS: ['EMAIL'] },
  quietHours: { startMinute: 22 * 60, endMinute: 7 * 60 },
  timeZone: 'Asia/Kolkata',
};
const at = (time: string) => new Date(`2026-11-21T${time}+05:30`);
const order = { category: 'ORDERS', channel: 'SMS' } as const;
const wait = (until: string) => ({ kind: 'WAIT', until: new Date(until) });

describe('quiet hours from 22:00 to 07:00', () => {
  it.each([
    ['21:59:59', { kind: 'SEND' }],
    ['22:00:00', wait('2026-11-22T07:00:00+05:30')],
    ['23:59:59', wait('2026-11-22T07:00:00+05:30')],
    ['00:00:30', wait('2026-11-21T07:00:00+05:30')],
    ['06:59:59', wait('2026-11-21T07:00:00+05:30')],
    ['07:00:00', { kind: 'SEND' }],
  ])('at %s', (time, decision) => {
    expect(decide(order, night, at(time))).toEqual(decision);
  });

  it.each([
    ['a code', { category: 'SECURITY', channel: 'SMS' } as const],
    ['a mail', { category: 'ORDERS', channel: 'EMAIL' } as const],
  ])('let %s through', (_what, message) => {
    expect(decide(message, night, at('23:00:00'))).toEqual({ kind: 'SEND' });
  });

  it('are those of the reader, wherever the server stands', () => {
    const inLagos = { ...night, timeZone: 'Africa/Lagos' };
    expect(decide(order, inLagos, new Date('2026-11-21T20:59:00Z'))).toEqual({ kind: 'SEND' });
    expect(decide(order, inLagos, new Date('2026-11-21T21:00:00Z'))).toEqual(wait('2026-11-22T06:00:00Z'));
  });

  it('are none when both ends are one', () => {
    const never = { ...night, quietHours: { startMinute: 60, endMinute: 60 } };
    expect(decide(order, never, at('01:00:00'))).toEqual({ kind: 'SEND' });
  });
});

describe('what is switched off', () => {
  it('is not sent', () => {
    const payment = { category: 'PAYMENTS', channel: 'SMS' } as const;
    expect(decide(payment, night, at('12:00:00'))).toEqual({ kind: 'DROP' });
    expect(decide({ ...payment, channel: 'EMAIL' }, night, at('12:00:00'))).toEqual({ kind: 'SEND' });
  });

  it('is never about security, and nothing is for who has no wishes', () => {
    const nothing = { ...night, channels: { ORDERS: [], PAYMENTS: [] } };
    expect(decide({ category: 'SECURITY', channel: 'EMAIL' }, nothing, at('12:00:00'))).toEqual({
      kind: 'SEND',
    });
    expect(decide(order, null, at('23:00:00'))).toEqual({ kind: 'SEND' });
  });
});
