import {
  createLocalJWKSet,
  errors,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createPaymentRequestSigner,
  createPaymentRequestVerifier,
  PayableType,
  type PaymentRequest,
  type PaymentRequestVerifier,
} from './index.ts';

const request: PaymentRequest = {
  jti: 'request-1',
  payable: { type: PayableType.BILL, id: '019a0000-0000-7000-8000-000000000001' },
  payableNumber: 'EL-202611-7',
  installmentId: 'bill:0',
  payer: 'user:019a0000-0000-7000-8000-000000000002',
  amountMinor: 49_900,
  currency: 'INR',
};
const soon = () => new Date(Date.now() + 900_000);

async function createKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid };
}

const keys = { billing: await createKey('b'), commerce: await createKey('c'), forger: await createKey('b') };
let verify: PaymentRequestVerifier;

beforeAll(async () => {
  const [billing, commerce] = await Promise.all([
    createPaymentRequestSigner('billing', keys.billing),
    createPaymentRequestSigner('commerce', keys.commerce),
  ]);
  verify = createPaymentRequestVerifier({
    billing: createLocalJWKSet({ keys: [billing.publicKey] }),
    commerce: createLocalJWKSet({ keys: [commerce.publicKey] }),
  });
});

async function issue(
  { owner = 'billing', key = keys.billing } = {},
  claims: Partial<PaymentRequest> = {},
  expiresAt = soon(),
): Promise<string> {
  return (await createPaymentRequestSigner(owner, key)).sign({ ...request, ...claims }, expiresAt);
}

/** Signs anything with billing's key, as the signer would not. */
async function sign(payload: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  return new SignJWT({ ...toClaims(), ...payload })
    .setProtectedHeader({ alg: 'ES256', typ: 'payment-request+jwt', kid: 'b', ...header })
    .sign(await importJWK(keys.billing, 'ES256'));
}

function toClaims(): JWTPayload {
  return {
    ...request,
    iss: 'billing',
    aud: 'suvidha-payments',
    exp: Math.floor(soon().getTime() / 1000),
  };
}

const invalid = { code: 'PAYMENT_REQUEST_INVALID', field: ['input', 'paymentRequest'] };

describe('a payment request', () => {
  it('says what its owner signed', async () => {
    await expect(verify(await issue())).resolves.toEqual(request);
    await expect(verify(await sign())).resolves.toEqual(request);
  });

  it('need not name the payable', async () => {
    const { payableNumber: _, ...unnamed } = request;
    await expect(verify(await issue({}, { payableNumber: undefined }))).resolves.toEqual(unnamed);
  });

  it('of a guest and for an order is the other owner’s', async () => {
    const order = { payable: { type: PayableType.ORDER, id: request.payable.id }, payer: 'guest:1' } as const;
    const token = await issue({ owner: 'commerce', key: keys.commerce }, order);
    await expect(verify(token)).resolves.toMatchObject(order);
  });

  it('shows no private key', async () => {
    const { publicKey } = await createPaymentRequestSigner('billing', keys.billing);
    expect(publicKey).toEqual({ ...keys.billing, d: undefined, alg: 'ES256', use: 'sig' });
    expect('d' in publicKey).toBe(false);
  });

  it('that has expired says so', async () => {
    await expect(verify(await issue({}, {}, new Date(Date.now() - 1_000)))).rejects.toMatchObject({
      code: 'PAYMENT_REQUEST_EXPIRED',
      field: ['input', 'paymentRequest'],
    });
  });

  it.each([
    ['by a key of somebody else under the same kid', () => issue({ key: keys.forger })],
    ['that has expired, too', () => issue({ key: keys.forger }, {}, new Date(0))],
    ['by the owner of something else', () => issue({ owner: 'commerce', key: keys.commerce })],
    ['by one owner in the name of another', () => issue({ owner: 'billing', key: keys.commerce })],
    ['by an owner nobody knows', () => issue({ owner: 'kyc' })],
    ['by nobody', () => sign({ iss: undefined })],
    ['by a name that objects have anyway', () => sign({ iss: 'constructor' })],
    ['by no signature', async () => new UnsecuredJWT(toClaims()).encode()],
    [
      'by the public key as a shared secret',
      async () => {
        const { publicKey } = await createPaymentRequestSigner('billing', keys.billing);
        const pem = await exportSPKI((await importJWK(publicKey, 'ES256')) as CryptoKey);
        return new SignJWT(toClaims())
          .setProtectedHeader({ alg: 'HS256', typ: 'payment-request+jwt', kid: 'b' })
          .sign(new TextEncoder().encode(pem));
      },
    ],
  ])('is forged %s', async (_how, make) => {
    await expect(verify(await make())).rejects.toMatchObject(invalid);
  });

  it('is altered when any of its claims is', async () => {
    const [head, , signature] = (await issue()).split('.');
    for (const change of [{ amountMinor: 1 }, { payer: 'user:2' }, { exp: 9_999_999_999 }, { jti: 'two' }]) {
      const payload = Buffer.from(JSON.stringify({ ...toClaims(), ...change })).toString('base64url');
      await expect(verify(`${head}.${payload}.${signature}`)).rejects.toMatchObject(invalid);
    }
  });

  it.each([
    ['another type', () => sign({}, { typ: 'at+jwt' })],
    ['no type', () => sign({}, { typ: undefined })],
    ['an unknown kid', () => sign({}, { kid: 'x' })],
    ['another audience', () => sign({ aud: 'WEB' })],
    ['no audience', () => sign({ aud: undefined })],
    ['no expiry', () => sign({ exp: undefined })],
    ['no id', () => sign({ jti: undefined })],
    ['a number of the payable that is none', () => sign({ payableNumber: '' })],
    ['nothing to pay', () => sign({ amountMinor: 0 })],
    ['a negative amount', () => sign({ amountMinor: -1 })],
    ['half a paisa', () => sign({ amountMinor: 0.5 })],
    ['an amount in words', () => sign({ amountMinor: '49900' })],
    ['another currency', () => sign({ currency: 'EUR' })],
    ['a payer of no kind', () => sign({ payer: 'admin:1' })],
    ['no payer', () => sign({ payer: 'user:' })],
    ['an unknown payable', () => sign({ payable: { ...request.payable, type: 'HOUSE' } })],
    ['a payable without a proper id', () => sign({ payable: { ...request.payable, id: '1' } })],
  ])('is refused with %s', async (_what, make) => {
    await expect(verify(await make())).rejects.toMatchObject(invalid);
  });

  it.each(['', 'token', 'a.b.c', '..', '💥', 'null', 'x'.repeat(10_000)])('is not %.10j', async (text) => {
    await expect(verify(text)).rejects.toMatchObject(invalid);
  });
});

describe('keys that cannot be had', () => {
  it.each([
    ['the network', new TypeError('fetch failed')],
    ['the answer', new errors.JOSEError('Expected 200 OK')],
    ['the time', new errors.JWKSTimeout()],
  ])('are our fault and not the request: %s', async (_what, error) => {
    const failing = createPaymentRequestVerifier({
      billing: () => {
        throw error;
      },
    });
    await expect(failing(await issue())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});
