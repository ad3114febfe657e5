import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { z } from 'zod';
import { defaultMaxPerAddress } from './subscription/address.limit.ts';

const origins = kinds.list.default([]);
const connections = z.coerce
  .number('must be a number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .default(defaultMaxPerAddress);

/** Everything the gateway process reads from its environment. */
export const gatewayVariables = {
  http: {
    port: variable('PORT', kinds.port.default(4000), {
      description: 'Port of the gateway.',
      example: '4000',
    }),
    host: variable('HOST', z.string().default('127.0.0.1'), {
      description: 'Address that processes listen on. In a container: 0.0.0.0.',
      example: '127.0.0.1',
    }),
    allowedOrigins: variable('ALLOWED_ORIGINS', origins, {
      description:
        'Web origins that browsers may call from, separated by commas. A port of * stands for any. Absent: only our own pages; behind npm start also every port of localhost.',
      example: 'https://app.example.com',
    }),
    trustedProxies: variable('TRUSTED_PROXIES', origins, {
      description:
        'Addresses or networks of the proxies before the gateway, separated by commas: only they may say who the client is. Absent: none.',
      example: '10.0.0.0/8',
    }),
    maxConnectionsPerAddress: variable('MAX_CONNECTIONS_PER_ADDRESS', connections, {
      description:
        'Sockets and event streams that one client address (of IPv6: one /64 network) may have open. Behind a proxy set TRUSTED_PROXIES, or all clients count as one.',
      example: '2000',
    }),
  },
  internal: {
    secret: variable('INTERNAL_SECRET', z.string().min(32, 'must have at least 32 characters'), {
      description:
        'Secret that signs the identity in calls between our own processes; the same in all of them.',
    }),
  },
  services: {
    identity: serviceUrl('identity', 4001),
    kyc: serviceUrl('kyc', 4002),
    billing: serviceUrl('billing', 4003),
    commerce: serviceUrl('commerce', 4004),
    payments: serviceUrl('payments', 4005),
  },
  log: {
    level: variable('LOG_LEVEL', kinds.logLevel, {
      description: 'Least severe entry that is logged: silent, fatal, error, warn, info, debug or trace.',
      example: 'info',
    }),
  },
};

export type GatewayConfig = ConfigOf<typeof gatewayVariables>;

/** What `npm run gateway -- --supergraph FILE` reads: no part of the system but the gateway. */
export const standaloneVariables = { http: gatewayVariables.http, log: gatewayVariables.log };

function serviceUrl(name: string, port: number) {
  return variable(`${name.toUpperCase()}_URL`, kinds.url.default(`http://127.0.0.1:${port}`), {
    description: `Address of the ${name} subgraph for the gateway and for event delivery.`,
    example: `http://127.0.0.1:${port}`,
  });
}
