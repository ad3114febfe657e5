import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import { type HttpCaller, toHttpError } from '../http-call.ts';
import { VendorError } from '../vendor.error.ts';

/** The parts that we use of the key file that the Firebase console gives. */
export const serviceAccount = z.object({
  project_id: z.string().min(1),
  private_key_id: z.string().min(1),
  private_key: z.string().min(1),
  client_email: z.string().min(1),
  token_uri: z.url(),
});
export type ServiceAccount = z.output<typeof serviceAccount>;

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** A token is replaced so long before it expires. */
const marginMs = 60_000;

const answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

export interface AccessTokens {
  /** A token that is good for the next call. @throws VendorError; nothing was sent. */
  get(): Promise<string>;
  /** The token was refused: the next {@link get} asks for another. */
  drop(): void;
}

/** Access tokens for a service account (RFC 7523), fetched once per hour however many ask. */
export function createAccessTokens(account: ServiceAccount, call: HttpCaller, now: () => Date): AccessTokens {
  let current: { readonly token: Promise<string>; validUntil: number } | undefined;
  const fetchToken = async (): Promise<string> => {
    const assertion = await sign(account, now());
    const body = new URLSearchParams({ grant_type: grantType, assertion });
    const { status, body: given } = await call({ url: account.token_uri, body }).catch(notSent);
    const parsed = answer.safeParse(given);
    if (status !== 200 || !parsed.success) throw notSent(toHttpError('FCM', status, `TOKEN_${status}`));
    if (current) current.validUntil = now().getTime() + parsed.data.expires_in * 1000 - marginMs;
    return parsed.data.access_token;
  };
  return {
    get: () => {
      if (current && now().getTime() < current.validUntil) return current.token;
      const token = fetchToken();
      current = { token, validUntil: Number.POSITIVE_INFINITY };
      token.catch(() => {
        current = undefined;
      });
      return token;
    },
    drop: () => {
      current = undefined;
    },
  };
}

async function sign(account: ServiceAccount, now: Date): Promise<string> {
  const key = await importPKCS8(account.private_key, 'RS256');
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id })
    .setIssuer(account.client_email)
    .setAudience(account.token_uri)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 3600)
    .sign(key);
}

/** Whatever goes wrong while a token is fetched: no message was handed over yet. */
function notSent(error: unknown): never {
  if (error instanceof VendorError && error.outcome === 'REFUSED') throw error;
  throw new VendorError('NOT_SENT', error instanceof VendorError ? error.code : 'FCM_TOKEN', error);
}
