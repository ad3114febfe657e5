import { describe, expect, it } from 'vitest';
import type { VendorError } from '../../src/providers/payment-gateway.ts';
import { callNames, createPaid, newOrder, type Party, startVendor } from './gateway.fixture.ts';

const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'DONE',
    ({ outcome }: VendorError) => outcome,
  );

describe.each<Party>(['razorpay', 'paytm'])('when %s', (party) => {
  const { create, status } = callNames[party];

  it.each([
    ['breaks', '500', 'before'],
    ['breaks when it has done it', '500', 'after'],
    ['hangs up', 'reset', 'before'],
    ['hangs up when it has done it', 'reset', 'after'],
    ['says nothing', 'timeout', 'before'],
    ['says nothing when it has done it', 'timeout', 'after'],
  ])('%s, nobody knows whether there is an order', async (_name, fault, when) => {
    await using world = await startVendor(party);
    await world.strike({ call: create, fault, when, times: 10 });
    const gateway = world.createGateway({ timeoutMs: 400 });
    expect(await outcomeOf(gateway.createOrder(newOrder()))).toBe('UNKNOWN');
    expect((await world.state()).orders).toHaveLength(when === 'after' ? 1 : 0);
  });

  it('is there no more, nothing was sent', async () => {
    const { gateway, ...world } = await startVendor(party);
    await world[Symbol.asyncDispose]();
    expect(await outcomeOf(gateway.createOrder(newOrder()))).toBe('UNSENT');
  });

  it('turns us away for our rate, we come back, and give up in time', async () => {
    await using world = await startVendor(party);
    await world.strike({ call: create, fault: 'rate-limited', times: 1 });
    expect(await outcomeOf(world.gateway.createOrder(newOrder()))).toBe('DONE');
    await world.strike({ call: create, fault: 'rate-limited', times: 9 });
    const hasty = world.createGateway({ timeoutMs: 500 });
    await expect(hasty.createOrder(newOrder())).rejects.toMatchObject({
      outcome: 'UNSENT',
      status: 429,
      retryAfterMs: 1000,
    });
  });

  it('breaks once while we only ask, we ask again', async () => {
    await using world = await startVendor(party);
    const { order } = await createPaid(world);
    await world.strike({ call: status, fault: '500', times: 2 });
    expect(await world.gateway.listPayments(order.id)).toMatchObject([{ status: 'CAPTURED' }]);
    await world.strike({ call: status, fault: '500', times: 3 });
    expect(await outcomeOf(world.gateway.listPayments(order.id))).toBe('UNKNOWN');
  });

  it('refuses our key, it says so', async () => {
    await using world = await startVendor(party);
    const stranger = world.createGateway(
      party === 'razorpay'
        ? { baseUrl: `${world.url}/razorpay/v1/nowhere` }
        : { secrets: ['another secret 1'] },
    );
    await expect(stranger.createOrder(newOrder())).rejects.toMatchObject({
      outcome: 'REFUSED',
      vendorCode: party === 'razorpay' ? 'BAD_REQUEST_ERROR/NA' : '2005',
    });
  });

  it('answers what is no answer, nobody knows', async () => {
    await using world = await startVendor(party);
    const gateway = world.createGateway({ baseUrl: `${world.url}/inbox?` });
    expect(await outcomeOf(gateway.listPayments('order_00000000000000'))).not.toBe('DONE');
  });

  it('only breaks, its circuit opens: nothing is sent until a probe gets through', async () => {
    let nowMs = 0;
    await using world = await startVendor(party);
    const circuit = { faults: 3, pauseMs: 1_000, now: () => nowMs };
    const gateway = world.createGateway({ circuit });
    await world.strike({ call: 'any', fault: '500', times: 4 });
    expect(gateway.health()).toBe('CLOSED');
    expect(await outcomeOf(gateway.listPayments('order_00000000000000'))).toBe('UNKNOWN');
    expect(gateway.health()).toBe('OPEN');
    expect(await outcomeOf(gateway.createOrder(newOrder()))).toBe('UNSENT');
    nowMs += 1_000;
    expect(gateway.health()).toBe('HALF_OPEN');
    expect(await outcomeOf(gateway.createOrder(newOrder()))).toBe('UNKNOWN');
    expect(gateway.health()).toBe('OPEN');
    nowMs += 1_000;
    const both = [gateway.createOrder(newOrder()), gateway.createOrder(newOrder())];
    expect(await Promise.all(both.map(outcomeOf))).toEqual(['DONE', 'UNSENT']);
    expect(gateway.health()).toBe('CLOSED');
  });

  it('says no to us, that is no fault of it', async () => {
    await using world = await startVendor(party);
    const gateway = world.createGateway({ circuit: { faults: 1 } });
    expect(await outcomeOf(gateway.createOrder(newOrder({ currency: 'USD' })))).toBe('REFUSED');
    expect(gateway.health()).toBe('CLOSED');
  });
});

it('when Paytm answers 200 and that it does not know, nobody knows: asked again, and counted as its fault', async () => {
  await using world = await startVendor('paytm');
  const { order } = await createPaid(world);
  await world.strike({ call: 'order-status', fault: 'system-error', times: 2 });
  expect(await world.gateway.listPayments(order.id)).toMatchObject([{ status: 'CAPTURED' }]);
  await world.strike({ call: 'create-qr-code', fault: 'system-error' });
  const gateway = world.createGateway({ circuit: { faults: 1 } });
  const code = { ...newOrder(), counterId: 'COUNTER_1', expiresAt: new Date(Date.now() + 600_000) };
  await expect(gateway.createQrCode(code)).rejects.toMatchObject({
    outcome: 'UNKNOWN',
    vendorCode: '501',
    code: 'UNKNOWN 501',
  });
  expect(gateway.health()).toBe('OPEN');
});
