/**
 * Whether the origin of a web page is on a list. `http://localhost:*` stands for every port of that host.
 *
 * @param origin as browsers send it (RFC 6454 §7); anything else is on no list
 */
export function isOriginAllowed(origin: string, origins: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.origin !== origin) return false;
  return origins.includes(origin) || origins.includes(`${url.protocol}//${url.hostname}:*`);
}
