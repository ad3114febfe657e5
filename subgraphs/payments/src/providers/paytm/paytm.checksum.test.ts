import PaytmChecksum from 'paytmchecksum';
import { describe, expect, it } from 'vitest';
import { isTextSigned, signText, toSignedText } from './paytm.checksum.ts';

const key = '0123456789abcdef';
const body = '{"mid":"TESTMID","orderId":"ORDER_1"}';
const fields = { TXNAMOUNT: '10.00', STATUS: 'TXN_SUCCESS', ORDERID: 'ORDER_1', MID: 'TESTMID' };
// Values computed independently of this code.
const bodyChecksum =
  'FGrKLG4NuKq5r2Wa/tCV0R/eslm1evj3Nnxh0NHhiB0Wn7ammSzM2E1XQnIsAPa9/pbz041zpQ7rlXc2nU55tX5zkYy148UoJ79pOh869Ng=';
const formChecksum =
  'vk20xp8JzMH8Y2KM0iksr1j/X7f8mQcuJ/p+24u4DB23VVGVgzqlYVoorGYHsGrrdUT7I0UiRPepFJT+SqWIkNDu0bUtrAKURsOQgrH9MF4=';

describe('the checksum', () => {
  it('of a body is as Paytm computes it', () => {
    expect(signText(body, key, 'abcd')).toBe(bodyChecksum);
    expect(PaytmChecksum.verifySignature(body, key, signText(body, key))).toBe(true);
  });

  it('of form fields is over their values by name, without the checksum', () => {
    expect(toSignedText({ ...fields, CHECKSUMHASH: 'x' })).toBe('TESTMID|ORDER_1|TXN_SUCCESS|10.00');
    expect(signText(toSignedText(fields), key, 'abcd')).toBe(formChecksum);
    expect(PaytmChecksum.verifySignature({ ...fields }, key, signText(toSignedText(fields), key))).toBe(true);
  });

  it('holds under any of the keys, so that one can be replaced', async () => {
    const checksum = await PaytmChecksum.generateSignature(body, key);
    expect(isTextSigned(body, checksum, ['fedcba9876543210', key])).toBe(true);
    expect(isTextSigned(body, checksum, ['fedcba9876543210'])).toBe(false);
  });

  it.each(['', 'abcd', '%%%', bodyChecksum.slice(4), formChecksum])('does not hold as %j', (checksum) => {
    expect(isTextSigned(body, checksum, [key])).toBe(false);
  });
});
