import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type Actor, type CallIdentity, ClientApp, Role } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import { createLog } from '@suvidha/log';
import { listen, type SubgraphApp, type SubgraphServer } from '@suvidha/subgraph';
import { execute, type GraphQLSchema, parse, subscribe } from 'graphql';
import type { ClientIdentity } from '../../src/auth/client-identity.ts';
import {
  connectInProcess,
  connectRemote,
  type Gateway,
  type GatewayOptions,
  startGateway,
} from '../../src/index.ts';
import type { InProcessSubgraph } from '../../src/subgraph/in-process.connection.ts';
import { Ledger } from './ledger.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@tag", "@authenticated"])`;

const ledgerSdl = `${link}
  type Account @key(fields: "id") { id: ID! }
  type StatusEvent { cursor: String! status: String! account: Account }
  type Price { value: Int! account: Account }
  type Note { text: String! account: Account }
  type Query { whoAmI: String }
  type Mutation { touch: Boolean }
  type Subscription {
    statusChanged(accountId: ID!, after: String): StatusEvent
    priceChanged: Price @tag(name: "shareable")
    noteAdded: Note
    secretAdded: Note @authenticated
  }`;

const peopleSdl = `${link}
  type Account @key(fields: "id") { id: ID! owner: String }
  type Query { people: [Account!] }`;

export type Topology = 'in process' | 'remote';

export const internalSecret = 'a secret that only tests know and use';

/** A gateway over a subgraph with streams and one that completes their events. */
export interface StreamGraph extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly url: string;
  readonly ledger: Ledger;
  /** Entity fetches that the second subgraph was asked for. */
  readonly asked: readonly string[];
  /** Serves a changed graph from now on: with one more query field of this name in `people`, or without notes. */
  reload(change: GraphChange): void;
  /** Ends the subgraph with streams as a crash does; only remote. */
  stopLedger(): Promise<void>;
  startLedger(): Promise<void>;
}

export interface GraphChange {
  readonly addsField?: string;
  readonly dropsNotes?: boolean;
}

function compose(
  { addsField, dropsNotes }: GraphChange,
  urls: Readonly<Record<string, string>> = {},
): string {
  const ledger = dropsNotes ? ledgerSdl.replace('noteAdded: Note', '') : ledgerSdl;
  const people = addsField ? peopleSdl.replace('people:', `${addsField}: String people:`) : peopleSdl;
  const { supergraphSdl = '', errors } = composeServices([
    { name: 'ledger', typeDefs: parse(ledger), url: urls.ledger ?? 'http://ledger' },
    { name: 'people', typeDefs: parse(people), url: urls.people ?? 'http://people' },
  ]);
  if (errors) throw errors[0] ?? new Error('does not compose');
  return supergraphSdl;
}

export interface StreamGraphOptions extends Partial<GatewayOptions> {
  readonly topology?: Topology;
}

export async function startStreamGraph({
  topology = 'in process',
  ...options
}: StreamGraphOptions = {}): Promise<StreamGraph> {
  const ledger = new Ledger();
  const asked: string[] = [];
  const subgraphs: Record<string, InProcessSubgraph> = {
    ledger: toSubgraph(ledgerSdl, ledgerResolvers(ledger), () => undefined),
    people: toSubgraph(peopleSdl, peopleResolvers, (query) => asked.push(query)),
  };
  let servers: Record<string, SubgraphServer> = {};
  if (topology === 'remote') servers = await serve(subgraphs);
  let replace: (sdl: string) => void = () => undefined;
  const log = createLog({ service: 'test', level: 'silent' });
  const gateway = await startGateway({
    supergraph: {
      initial: compose({}),
      watch: (listener) => {
        replace = listener;
        return () => undefined;
      },
    },
    connect: ({ name }) =>
      topology === 'remote'
        ? connectRemote({ name, url: `${servers[name]!.url}/graphql`, internalSecret })
        : connectInProcess(subgraphs[name]!),
    verifyToken: verifyTestToken,
    isOwnGraph: false,
    port: 0,
    host: '127.0.0.1',
    log,
    ...options,
  });
  return {
    gateway,
    url: gateway.url,
    ledger,
    asked,
    reload: (change) => replace(compose(change)),
    stopLedger: async () => servers.ledger!.close(),
    startLedger: async () => {
      const port = Number(new URL(servers.ledger!.url).port);
      servers.ledger = await listen(toApp('ledger', subgraphs.ledger!), { port, internalSecret, log });
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.stop();
      await Promise.all(Object.values(servers).map((server) => server.close()));
    },
  };
}

async function serve(subgraphs: Record<string, InProcessSubgraph>): Promise<Record<string, SubgraphServer>> {
  const log = createLog({ service: 'test', level: 'silent' });
  const started = Object.entries(subgraphs).map(
    async ([name, subgraph]) =>
      [name, await listen(toApp(name, subgraph), { port: 0, internalSecret, log })] as const,
  );
  return Object.fromEntries(await Promise.all(started));
}

function toApp(name: string, subgraph: InProcessSubgraph): SubgraphApp {
  return {
    name,
    subgraph: {},
    calls: {},
    routes: async () => undefined,
    ...subgraph,
  } as unknown as SubgraphApp;
}

/** A token is `<user>`, or `<user>.<milliseconds it holds>`, or `<user>.<milliseconds>.<session>`; `forged` is none. */
export async function verifyTestToken(
  token: string,
): Promise<ClientIdentity & { expiresAt: Date; actor: never }> {
  const [userId = '', holdsMs = '3600000', sessionId = `session-${userId}`] = token.split('.');
  if (userId === 'forged')
    throw new AppError('UNAUTHENTICATED', 'The access token is not valid.', { reason: 'TOKEN_INVALID' });
  return {
    actor: {
      kind: 'user',
      userId,
      sessionId,
      clientApp: ClientApp.WEB,
      roles: [Role.USER],
      scopes: [],
    } as never,
    issuedAt: new Date(),
    expiresAt: new Date(Date.now() + Number(holdsMs)),
  };
}

function nameOf(actor: Actor): string {
  return actor.kind === 'user' ? actor.userId : actor.kind;
}

type Context = CallIdentity;

function ledgerResolvers(ledger: Ledger) {
  return {
    Query: { whoAmI: (_root: unknown, _args: unknown, { actor }: Context) => nameOf(actor) },
    Mutation: { touch: () => true },
    Subscription: {
      statusChanged: {
        subscribe: (_root: unknown, args: { accountId: string; after?: string }, { actor }: Context) =>
          ledger.watchStatus(args, nameOf(actor)),
      },
      priceChanged: {
        subscribe: (_root: unknown, _args: unknown, { actor }: Context) => ledger.watchPrice(nameOf(actor)),
      },
      noteAdded: {
        subscribe: (_root: unknown, _args: unknown, { actor }: Context) => ledger.watchNotes(nameOf(actor)),
      },
      secretAdded: {
        subscribe: (_root: unknown, _args: unknown, { actor }: Context) => ledger.watchNotes(nameOf(actor)),
      },
    },
  };
}

const peopleResolvers = {
  Query: { people: () => [] },
  Account: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    owner: (_root: unknown, _args: unknown, { actor }: Context) => `of ${nameOf(actor)}`,
  },
};

function toSubgraph(sdl: string, resolvers: object, onAsked: (query: string) => void): InProcessSubgraph {
  const schema: GraphQLSchema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never });
  return {
    execute: async ({ query, variables }, contextValue) => {
      onAsked(query);
      return execute({ schema, document: parse(query), variableValues: variables, contextValue });
    },
    subscribe: async ({ query, variables }, contextValue) =>
      subscribe({
        schema,
        document: parse(query),
        variableValues: variables,
        contextValue,
      }) as Promise<object>,
    health: async () => ({}),
  };
}
