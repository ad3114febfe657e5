import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import type { ClientInfo } from '@suvidha/auth';

/** Longer ones are cut: nobody needs more of it to know a device again. */
const maxUserAgentLength = 200;

/** Reads where a request came from. */
export type ReadClientInfo = (request: IncomingMessage) => ClientInfo;

/**
 * @param trustedProxies addresses or networks (CIDR) of the proxies before the gateway. What any other peer says in
 * `X-Forwarded-For` is ignored, so a client cannot choose the address that limits count by.
 */
export function createClientInfoReader(trustedProxies: readonly string[]): ReadClientInfo {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (request) => {
    const origin = foreignOriginOf(request);
    const userAgent = request.headers['user-agent']?.slice(0, maxUserAgentLength);
    return {
      address: proxyAddr(request, isTrusted),
      ...(origin && { origin }),
      ...(userAgent && { userAgent }),
    };
  };
}

/** A page that the gateway itself serves is no other app's. */
function foreignOriginOf({ headers: { origin, host } }: IncomingMessage): string | undefined {
  if (!origin || !URL.canParse(origin)) return origin;
  return new URL(origin).host === host ? undefined : origin;
}
