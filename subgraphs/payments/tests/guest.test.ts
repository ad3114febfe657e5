import { type Actor, anonymous } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { testActor, testIdentity } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  initiate,
  inQuarterOfAnHour,
  newAttempt,
  newDebt,
  type PaymentsWorld,
  returnUrl,
  type StatusEvent,
  startPayments,
} from './payments.fixture.ts';
import { admin } from './refunds.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
});
afterEach(() => {
  world.clock.aheadMs = 0;
});
afterAll(() => world[Symbol.asyncDispose]());

async function newGuestAttempt(payer: `guest:${string}` = `guest:${uuidv7()}`) {
  const { request } = newDebt({ payer });
  const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
  return { paymentRequest, idempotencyKey: uuidv7(), returnUrl };
}

async function startAsGuest() {
  const input = await newGuestAttempt();
  const { payment, accessToken, userErrors } = await initiate(world, anonymous, input);
  expect(userErrors).toEqual([]);
  return { input, payment: payment!, accessToken: accessToken! };
}

async function read(id: string, accessToken: string | null, actor: Actor = anonymous) {
  const query =
    'query ($id: ID!, $accessToken: String) { payment(id: $id, accessToken: $accessToken) { id } }';
  return world.app.execute({ query, variables: { id, accessToken } }, testIdentity(actor));
}

const watch = (id: string, accessToken: string | null) =>
  world.app.subscribe(
    {
      query: `subscription ($id: ID!, $accessToken: String) {
        paymentStatusChanged(paymentId: $id, accessToken: $accessToken) { status }
      }`,
      variables: { id, accessToken },
    },
    testIdentity(anonymous),
  );

describe('a guest', () => {
  it('pays what was made out to a guest, and sees that payment and its changes with the token', async () => {
    const { payment, accessToken } = await startAsGuest();
    expect((await read(payment.id, accessToken)).data).toEqual({ payment: { id: payment.id } });
    const stream = await watch(payment.id, accessToken);
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    await world.vendor.pay(payment.checkoutUrl!);
    for await (const { data } of stream)
      if ((data?.paymentStatusChanged as StatusEvent | undefined)?.status === 'CAPTURED') return;
  });

  it('gets the same payment and token for the same key', async () => {
    const { input, payment, accessToken } = await startAsGuest();
    expect(await initiate(world, anonymous, input)).toMatchObject({ payment, accessToken });
  });

  it('sees no other payment with it, not even one of the same guest', async () => {
    const first = await startAsGuest();
    const second = await startAsGuest();
    expect((await read(second.payment.id, first.accessToken)).data).toEqual({ payment: null });
    expect(await watch(second.payment.id, first.accessToken)).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('sees no payment of an account, whatever the token', async () => {
    const { actor, input } = await newAttempt(world);
    const { payment, accessToken } = await initiate(world, actor, input);
    expect(accessToken).toBeNull();
    const guest = await startAsGuest();
    expect((await read(payment!.id, guest.accessToken)).data).toEqual({ payment: null });
  });

  it('without a token is asked to log in', async () => {
    const { payment } = await startAsGuest();
    expect((await read(payment.id, null)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(await watch(payment.id, null)).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('has a token that ends', async () => {
    const { payment, accessToken } = await startAsGuest();
    world.clock.aheadMs = 31 * 86_400_000;
    expect((await read(payment.id, accessToken)).data).toEqual({ payment: null });
  });

  it('may not pay with a request that names another guest and another key of theirs', async () => {
    const { input } = await startAsGuest();
    const other = await newGuestAttempt();
    const answer = await initiate(world, anonymous, { ...other, idempotencyKey: input.idempotencyKey });
    expect(answer.payment).not.toBeNull();
  });

  it('is told of a conflict only with a request that is theirs', async () => {
    const payer = `guest:${uuidv7()}` as const;
    const input = await newGuestAttempt(payer);
    await initiate(world, anonymous, input);
    const again = { ...(await newGuestAttempt(payer)), idempotencyKey: input.idempotencyKey };
    expect((await initiate(world, anonymous, again)).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_CONFLICT' },
    ]);
    const [header, payload] = again.paymentRequest.split('.');
    const forged = { ...again, paymentRequest: `${header}.${payload}.AAAA` };
    expect((await initiate(world, anonymous, forged)).userErrors).toMatchObject([
      { code: 'PAYMENT_REQUEST_INVALID' },
    ]);
  });

  it('leaves nothing behind with what was not signed', async () => {
    const count = async () =>
      (await world.pool.query('select count(*)::int as count from idempotency_key')).rows[0].count;
    const before = await count();
    const [header, payload] = (await newGuestAttempt()).paymentRequest.split('.');
    const input = { paymentRequest: `${header}.${payload}.AAAA`, idempotencyKey: uuidv7(), returnUrl };
    expect((await initiate(world, anonymous, input)).payment).toBeNull();
    expect(await count()).toBe(before);
  });

  it('who is somebody with an account may not pay as a guest', async () => {
    const input = await newGuestAttempt();
    expect((await initiate(world, testActor(), input)).userErrors).toMatchObject([
      { code: 'PAYMENT_REQUEST_NOT_YOURS' },
    ]);
  });

  it('is seen by staff', async () => {
    const { payment } = await startAsGuest();
    expect((await read(payment.id, null, admin)).data).toEqual({ payment: { id: payment.id } });
  });
});
