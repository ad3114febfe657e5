import { type Actor, Role } from '@suvidha/auth';
import { createPaymentRequestVerifier } from '@suvidha/payment-request';
import { testActor } from '@suvidha/testing';
import { fastify } from 'fastify';
import { createLocalJWKSet, decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BilledCustomer, createCustomer } from './support/billed-customer.ts';
import { type BillingFixture, type Json, startBilling } from './support/billing.fixture.ts';

let fixture: BillingFixture;
let customer: BilledCustomer;
let billId: string;

beforeAll(async () => {
  fixture = await startBilling();
});

beforeEach(async () => {
  customer = await createCustomer(fixture.pool);
  billId = await customer.addBill({ amountMinor: 100_000, paidAmountMinor: 25_050 });
});

afterAll(() => fixture[Symbol.asyncDispose]());

function request(variables: { id?: string; amount?: string | null } = {}, actor: Actor = customer.actor) {
  return fixture.execute(
    `query ($id: ID!, $amount: Decimal) { bill(id: $id) {
      id paymentRequest(amount: $amount) { token expiresAt amount { amount currencyCode } } } }`,
    { id: billId, ...variables },
    actor,
  );
}

/** Reads a token as payments does: by the keys that billing shows the world. */
async function verify(token: string): Promise<Json> {
  const server = fastify();
  await server.register(fixture.app.routes);
  const { keys } = (await server.inject('/.well-known/jwks.json')).json();
  await server.close();
  expect(keys.every((key: object) => !('d' in key))).toBe(true);
  return createPaymentRequestVerifier({ billing: createLocalJWKSet({ keys }) })(token);
}

describe('paymentRequest', () => {
  it('states what is due, by whom and for which part of the bill, signed', async () => {
    const before = Date.now();
    const { token, expiresAt, amount } = (await request()).data.bill.paymentRequest;
    expect(amount).toEqual({ amount: '749.50', currencyCode: 'INR' });
    expect(await verify(token)).toEqual({
      jti: expect.any(String),
      payable: { type: 'BILL', id: billId },
      payableNumber: `N-${billId}`,
      installmentId: `${billId}:25050`,
      payer: `user:${customer.actor.userId}`,
      amountMinor: 74_950,
      currency: 'INR',
    });
    expect(Date.parse(expiresAt) - before).toBeGreaterThanOrEqual(900_000);
    expect(decodeJwt(token).exp).toBe(Math.floor(Date.parse(expiresAt) / 1000));
  });

  it('may be for a part of it', async () => {
    const { paymentRequest } = (await request({ amount: '0.01' })).data.bill;
    expect(paymentRequest.amount.amount).toBe('0.01');
    expect(await verify(paymentRequest.token)).toMatchObject({
      amountMinor: 1,
      installmentId: `${billId}:25050`,
    });
  });

  it.each(['749.5', '749.50', null])('takes all that is due: %j', async (amount) => {
    const { paymentRequest } = (await request({ amount })).data.bill;
    expect(paymentRequest.amount.amount).toBe('749.50');
  });

  it.each(['749.51', '1000.00', '9999999999999', '0', '0.00', '-1', '-0.01', '1.001', '749.500'])(
    'is not made for %s',
    async (amount) => {
      const { data, errors } = await request({ amount });
      expect(data.bill).toEqual({ id: billId, paymentRequest: null });
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', reason: 'AMOUNT_NOT_ALLOWED', field: ['amount'] } },
      ]);
      expect(errors[0].message).not.toContain(amount);
    },
  );

  it.each(['', 'many', '1e3', '1,000.00', '0x10', 'NaN', ' 1', '٣'])('is not made for %j', async (amount) => {
    const { data, errors } = await request({ amount });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('is null when nothing is due', async () => {
    const id = await customer.addBill({ paidAmountMinor: 100_000 });
    expect(await request({ id })).toEqual({ data: { bill: { id, paymentRequest: null } } });
  });

  it('names whoever asks as the payer, staff too', async () => {
    const staff = testActor({ roles: [Role.OPERATOR] });
    const { token } = (await request({}, staff)).data.bill.paymentRequest;
    expect(await verify(token)).toMatchObject({ payer: `user:${staff.userId}` });
  });

  it('is not made for a bill of somebody else', async () => {
    expect(await request({}, testActor())).toEqual({ data: { bill: null } });
  });

  it('is another one each time', async () => {
    const tokens = [await request(), await request()].map(({ data }) => data.bill.paymentRequest.token);
    const [first, second] = await Promise.all(tokens.map(verify));
    expect(first.jti).not.toBe(second.jti);
  });
});
