/** What makes an ID token one that must be refused, and what changes how it is made. */
export const idTokenFaults = [
  'wrong-nonce',
  'wrong-audience',
  'wrong-issuer',
  'wrong-signature',
  'wrong-at-hash',
  'expired',
  'key-rotated',
] as const;
