import { expect, it } from 'vitest';
import { isSigned, signFields, signText } from './checksum.ts';

const key = '0123456789abcdef';
const body = '{"mid":"TESTMID","orderId":"ORDER_1"}';
// Values computed independently of this code.
const bodyChecksum =
  'FGrKLG4NuKq5r2Wa/tCV0R/eslm1evj3Nnxh0NHhiB0Wn7ammSzM2E1XQnIsAPa9/pbz041zpQ7rlXc2nU55tX5zkYy148UoJ79pOh869Ng=';
const formChecksum =
  'vk20xp8JzMH8Y2KM0iksr1j/X7f8mQcuJ/p+24u4DB23VVGVgzqlYVoorGYHsGrrdUT7I0UiRPepFJT+SqWIkNDu0bUtrAKURsOQgrH9MF4=';

it('signs the text of a body', () => {
  expect(signText(body, key, 'abcd')).toBe(bodyChecksum);
});

it('signs form fields by their names, without the checksum', () => {
  const fields = { TXNAMOUNT: '10.00', STATUS: 'TXN_SUCCESS', ORDERID: 'ORDER_1', MID: 'TESTMID' };
  expect(signFields({ ...fields, CHECKSUMHASH: 'old' }, key, 'abcd')).toBe(formChecksum);
});

it('takes what was signed and nothing else', () => {
  expect(isSigned(body, key, bodyChecksum)).toBe(true);
  expect(isSigned(body, key, signText(body, key))).toBe(true);
  expect(isSigned(`${body} `, key, bodyChecksum)).toBe(false);
  expect(isSigned(body, 'another key 1234', bodyChecksum)).toBe(false);
  for (const garbage of ['', 'abcd', 'not base64 !', formChecksum.slice(4)])
    expect(isSigned(body, key, garbage)).toBe(false);
});
