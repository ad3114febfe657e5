/**
 * Our gateway, complete: over a subgraph elsewhere, or with the subgraph in its own process when CONTROL names the port on
 * which events are asked for. Tokens are taken for names: each caller counts as someone else.
 * Usage: suvidha.ts PORT SUPERGRAPH [CONTROL]
 */
import { readFileSync } from 'node:fs';
import { ClientApp } from '@suvidha/auth';
import { createLog } from '@suvidha/log';
import { type DocumentNode, execute, parse, subscribe } from 'graphql';
import {
  type ConnectSubgraph,
  connectInProcess,
  connectRemote,
  fixedSupergraph,
  startGateway,
} from '../../../../gateway/src/index.ts';
import { createControlServer, schema } from '../ticker.ts';

const [port = '', supergraphFile = '', control] = process.argv.slice(2);

/**
 * The subgraph as graphql-js runs it, called in this process. A gateway asks the same few texts again and again, so each is
 * parsed once, as our subgraphs do.
 */
function connectTicker(): ReturnType<ConnectSubgraph> {
  const documents = new Map<string, DocumentNode>();
  const toArgs = ({ query, variables }: { query: string; variables: Record<string, unknown> }) => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    return { schema, document, variableValues: variables };
  };
  return connectInProcess({
    execute: async (call) => execute(toArgs(call)),
    subscribe: async (call) => subscribe(toArgs(call)),
    health: async () => ({}),
  });
}

await startGateway({
  supergraph: fixedSupergraph(readFileSync(supergraphFile, 'utf8')),
  connect: ({ name, url }) => (control ? connectTicker() : connectRemote({ name, url })),
  isOwnGraph: false,
  verifyToken: async (name) => ({
    actor: { kind: 'user', userId: name, sessionId: name, clientApp: ClientApp.WEB, roles: [], scopes: [] },
    expiresAt: new Date(Date.now() + 3_600_000),
  }),
  port: Number(port),
  host: '127.0.0.1',
  log: createLog({ service: 'gateway', level: 'warn' }),
});
if (control) createControlServer().listen(Number(control), '127.0.0.1');
