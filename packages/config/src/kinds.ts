import { z } from 'zod';

/** A TCP port; 0 lets the system choose one. */
export const port = z.coerce.number('must be a port number').int('must be a whole number').min(0).max(65_535);

export const url = z.url('must be a URL');

/** A list in one variable, separated by commas. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** 32 random bytes in base64. */
export const key32 = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 random bytes in base64');

/** A private JSON Web Key (RFC 7517) as one line of JSON. */
export const privateJwk = z.string().transform((text, context) => {
  try {
    const jwk: unknown = JSON.parse(text);
    if (typeof jwk === 'object' && jwk !== null && 'd' in jwk && 'kid' in jwk) return jwk as { kid: string };
  } catch {
    // falls through to the issue below: the value itself must not be repeated
  }
  context.addIssue({ code: 'custom', message: 'must be a private JSON Web Key with a kid' });
  return z.NEVER;
});

export const logLevel = z
  .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])
  .default('info');
