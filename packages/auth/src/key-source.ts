import { errors } from 'jose';

/** Codes of jose for a key endpoint that is slow, answers something else than 200, or answers no key set. */
const keySourceFaults = ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID'];

/** Whether it is the keys that failed us, and not what they were to verify. Errors that are not jose's come from the network. */
export function isKeySourceDown(error: unknown): boolean {
  return !(error instanceof errors.JOSEError) || keySourceFaults.includes(error.code);
}
