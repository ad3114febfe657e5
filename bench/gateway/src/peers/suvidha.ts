/**
 * Our gateway, complete, over foreign subgraphs. Tokens are taken for names: no gateway here verifies any, and each caller
 * must count as someone else. Usage: suvidha.ts PORT SUPERGRAPH
 */
import { readFileSync } from 'node:fs';
import { ClientApp, type UserActor } from '@suvidha/auth';
import { createLog } from '@suvidha/log';
import { createHttpClient, type RequestContext } from '../../../../gateway/src/engine/index.ts';
import { type ConnectSubgraph, startGateway } from '../../../../gateway/src/index.ts';

const [port = '', supergraphFile = ''] = process.argv.slice(2);

interface Forwarded {
  readonly actor: Partial<UserActor>;
}

function authorizationOf({ forward }: RequestContext) {
  return { authorization: `Bearer ${(forward as Forwarded).actor.userId}` };
}

const connect: ConnectSubgraph = ({ url }) => ({
  client: createHttpClient({ url, headers: authorizationOf }),
  subscribe: () => Promise.reject(new Error('There are no subscriptions here')),
  isReady: async () => true,
  close: async () => undefined,
});

await startGateway({
  supergraph: { initial: readFileSync(supergraphFile, 'utf8'), watch: () => () => undefined },
  connect,
  isOwnGraph: false,
  verifyToken: async (name) => ({
    actor: { kind: 'user', userId: name, sessionId: name, clientApp: ClientApp.WEB, roles: [], scopes: [] },
    expiresAt: new Date(Date.now() + 3_600_000),
  }),
  port: Number(port),
  host: '127.0.0.1',
  log: createLog({ service: 'gateway', level: 'warn' }),
});
