import descopeSdk from '@descope/node-sdk';
import { AppError } from '@suvidha/errors';
import { createVendorFetch, findUnavailable } from '../providers/vendor-fetch.ts';

export interface DescopeOptions {
  readonly projectId: string;
  /** Address of the API. */
  readonly baseUrl: string;
}

/** Descope's refusal, by its code such as `E061102`. Absent: it named none. */
export class DescopeRefusal extends Error {
  override readonly name = 'DescopeRefusal';
  readonly code: string | undefined;

  constructor(code: string | undefined) {
    super(`Descope refused: ${code ?? 'no code'}`);
    this.code = code;
  }
}

/** The part of the SDK's answers that is read here. */
interface SdkAnswer<T> {
  readonly ok: boolean;
  readonly data?: T;
  readonly error?: { readonly errorCode?: string };
}

export type DescopeSdk = ReturnType<typeof descopeSdk>;

/** Descope by its own SDK, with our deadline: it would repeat some calls for ten seconds. */
export function createDescopeSdk({ projectId, baseUrl }: DescopeOptions): DescopeSdk {
  return descopeSdk({ projectId, baseUrl, fetch: createVendorFetch('Descope', { readsRateLimits: true }) });
}

/**
 * The claims of a session token, verified with the project's keys.
 * @throws DescopeRefusal when it is not to be believed, or AppError UPSTREAM_UNAVAILABLE
 */
export async function readSession(sdk: DescopeSdk, sessionJwt: string) {
  try {
    const { token } = await sdk.validateJwt(sessionJwt);
    if (token.drn === 'DSR') throw new DescopeRefusal('SESSION_JWT');
    return token;
  } catch (error) {
    throw findUnavailable(error) ?? new DescopeRefusal('SESSION_JWT');
  }
}

/**
 * What the SDK's call answers.
 * @throws DescopeRefusal, or AppError UPSTREAM_UNAVAILABLE
 */
export async function readAnswer<T>(call: Promise<SdkAnswer<T>>): Promise<T> {
  const { ok, data, error } = await call;
  if (!ok) throw new DescopeRefusal(error?.errorCode);
  if (data === undefined) throw new AppError('UPSTREAM_UNAVAILABLE', 'Descope answered nothing.');
  return data;
}
