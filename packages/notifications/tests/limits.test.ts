import { describe, expect, it } from 'vitest';
import { type NotifierFixture, newPhoneNumber, orderTo, otpTo, startNotifier } from './notifier.fixture.ts';

const hourMs = 3_600_000;

/** Sends to each address, all at once; answers how each ended. */
async function sendAll(fixture: NotifierFixture, addresses: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const to of addresses) ids.push((await fixture.enqueue(otpTo(to))) ?? '');
  await Promise.all(ids.map((id) => fixture.run(id)));
  const rows = await Promise.all(ids.map((id) => fixture.row(id)));
  return rows.map(({ status, reason }) => reason ?? status).sort();
}

const times = (count: number, what: string) => Array<string>(count).fill(what);

describe('limits', () => {
  it('hold for one destination, also when it is asked for at once', async () => {
    await using fixture = await startNotifier({ limits: { destinationHourly: 3 } });
    const to = newPhoneNumber();
    expect(await sendAll(fixture, times(10, to))).toEqual([
      ...times(7, 'DESTINATION_LIMIT'),
      ...times(3, 'SENT'),
    ]);
    expect(await fixture.sandbox.inbox(to)).toHaveLength(3);
    expect(await sendAll(fixture, [newPhoneNumber()])).toEqual(['SENT']);
    fixture.now = new Date(fixture.now.getTime() + hourMs);
    expect(await sendAll(fixture, [to])).toEqual(['SENT']);
  });

  it('hold for a day, for neighbouring numbers and for all', async () => {
    await using fixture = await startNotifier({
      limits: { destinationDaily: 1, blockHourly: 3, smsDaily: 4 },
    });
    fixture.now = new Date('2027-01-10T10:00:00Z');
    const block = ['001', '002', '003', '004'].map((end) => `+234803555${end}`);
    expect(await sendAll(fixture, block)).toEqual(['BLOCK_LIMIT', ...times(3, 'SENT')]);
    fixture.now = new Date(fixture.now.getTime() + hourMs);
    expect(await sendAll(fixture, [block[0]!])).toEqual(['DESTINATION_LIMIT']);
    expect(await sendAll(fixture, ['+919812345678'])).toEqual(['SENT']);
    expect(await sendAll(fixture, ['+919812399999'])).toEqual(['DAILY_LIMIT']);
    expect(await fixture.sandbox.inbox('+919812399999')).toEqual([]);
  });

  it('keep out countries that are not served', async () => {
    await using fixture = await startNotifier({ limits: { smsCountries: ['+91', '+234'] } });
    expect(await sendAll(fixture, ['+14155550123', '+2348035550001', newPhoneNumber()])).toEqual([
      'COUNTRY_NOT_SERVED',
      'SENT',
      'SENT',
    ]);
  });

  it('count a message once, however often it is tried', async () => {
    await using fixture = await startNotifier({ limits: { destinationHourly: 1 } });
    const id = (await fixture.enqueue(orderTo('one@example.com', { channel: 'EMAIL' }))) ?? '';
    await fixture.sandbox.fault('smtp.deliver-mail', 'refused', { times: 2 });
    for (let run = 0; run < 3; run += 1) await fixture.run(id);
    expect(await fixture.row(id)).toMatchObject({ status: 'SENT', attempts: 3 });
  });

  it('know destinations by a hash only', async () => {
    await using fixture = await startNotifier();
    const to = newPhoneNumber();
    await sendAll(fixture, [to]);
    const { rows } = await fixture.database.pool.query('select key from notification_budget');
    expect(rows).toHaveLength(4);
    expect(JSON.stringify(rows)).not.toContain(to.slice(1, 9));
  });
});
