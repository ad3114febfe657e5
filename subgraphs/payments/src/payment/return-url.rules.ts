/**
 * Whether a payer may be sent to this address: its origin is on the list. `http://localhost:*` stands for every
 * port. An address with user information is refused, because it can be made to look like another.
 */
export function isReturnUrlAllowed(returnUrl: string, origins: readonly string[]): boolean {
  if (!URL.canParse(returnUrl)) return false;
  const url = new URL(returnUrl);
  if (url.username !== '' || url.password !== '') return false;
  return origins.some((origin) => origin === url.origin || origin === `${url.protocol}//${url.hostname}:*`);
}
