import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type Actor, type CallIdentity, ClientApp, Role, type UserActor } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import { createLog } from '@suvidha/log';
import { execute, GraphQLError, type GraphQLSchema, parse, subscribe } from 'graphql';
import type { SubgraphClient } from '../../src/engine/index.ts';
import {
  connectInProcess,
  fixedSupergraph,
  type Gateway,
  type GatewayOptions,
  startGateway,
} from '../../src/index.ts';
import type { InProcessSubgraph } from '../../src/subgraph/in-process.connection.ts';
import type { SubgraphConnection } from '../../src/subgraph/subgraph-connection.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@authenticated"])
  scalar PhoneNumber`;

const accounts = `${link}
  type User @key(fields: "id") { id: ID! name: String }
  input CallInput { phoneNumber: PhoneNumber! times: Int }
  type Query { whoAmI: String users: [User!] broken: String secret: String @authenticated call(input: CallInput!): Boolean }
  type Mutation { rename(name: String!): User }
  type Subscription { userJoined: User }`;

const reviews = `${link}
  type User @key(fields: "id") { id: ID! rating: Int seenBy: String }
  type Query { ratings: [Int!] }`;

/** Events of the subscription, fed by the test. */
export class Joins {
  /** Streams that are open in the subgraph now. */
  open = 0;
  readonly #waiting = new Set<(id: string | null) => void>();

  push(id: string | null): void {
    for (const deliver of this.#waiting) deliver(id);
  }

  stream(): AsyncIterableIterator<{ userJoined: object }> {
    this.open += 1;
    const queue: (string | null)[] = [];
    let wake: (() => void) | undefined;
    let isDone = false;
    const deliver = (id: string | null) => {
      queue.push(id);
      wake?.();
    };
    this.#waiting.add(deliver);
    const end = () => {
      if (isDone) return;
      isDone = true;
      this.open -= 1;
      this.#waiting.delete(deliver);
      wake?.();
    };
    return {
      next: async () => {
        while (queue.length === 0 && !isDone)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        const id = queue.shift();
        if (isDone || id === undefined) return { value: undefined, done: true };
        if (id === null) throw new GraphQLError('the stream broke, and this sentence is a secret');
        return { value: { userJoined: { id, name: `user ${id}` } }, done: false };
      },
      return: async () => {
        end();
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

/** A gateway over two small subgraphs in this process. */
export interface TestGraph extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly joins: Joins;
  /** Operations that the subgraphs were asked to run so far, in order. */
  readonly asked: readonly string[];
  /** Takes the subgraph `reviews` away, as a crash does. */
  breakReviews(): void;
  /** Lets the subgraph `reviews` wait before it answers. @returns lets it answer. */
  holdReviews(): () => void;
  /** The subgraph whose fetch is first given up before it has answered. */
  readonly givenUp: Promise<string>;
}

export const tokens: Readonly<Record<string, { actor: UserActor; expiresAt: Date }>> = {
  asha: { actor: userActor('asha'), expiresAt: new Date(Date.now() + 3_600_000) },
};

export function userActor(userId: string): UserActor {
  return {
    kind: 'user',
    userId,
    sessionId: `session-${userId}`,
    clientApp: ClientApp.WEB,
    roles: [Role.USER],
    scopes: [],
  };
}

export async function startTestGraph(options: Partial<GatewayOptions> = {}): Promise<TestGraph> {
  const joins = new Joins();
  let isReviewsBroken = false;
  let untilReviews: Promise<void> | undefined;
  const givenUp = Promise.withResolvers<string>();
  const asked: string[] = [];
  const subgraphs: Record<string, InProcessSubgraph> = {
    accounts: toSubgraph(accounts, accountsResolvers(joins), {
      asked,
      isBroken: () => false,
      ready: () => undefined,
    }),
    reviews: toSubgraph(reviews, reviewsResolvers, {
      asked,
      isBroken: () => isReviewsBroken,
      ready: () => untilReviews,
    }),
  };
  const { supergraphSdl = '' } = composeServices([
    { name: 'accounts', typeDefs: parse(accounts), url: 'http://accounts' },
    { name: 'reviews', typeDefs: parse(reviews), url: 'http://reviews' },
  ]);
  const gateway = await startGateway({
    supergraph: fixedSupergraph(supergraphSdl),
    connect: ({ name }) =>
      withCancelListener(connectInProcess(subgraphs[name]!), () => givenUp.resolve(name)),
    isOwnGraph: false,
    verifyToken: async (token) => {
      const known = tokens[token];
      if (!known)
        throw new AppError('UNAUTHENTICATED', 'The access token is not valid.', { reason: 'TOKEN_INVALID' });
      return known;
    },
    port: 0,
    host: '127.0.0.1',
    log: createLog({ service: 'test', level: 'silent' }),
    ...options,
  });
  return {
    gateway,
    joins,
    asked,
    givenUp: givenUp.promise,
    breakReviews: () => {
      isReviewsBroken = true;
    },
    holdReviews: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      untilReviews = promise;
      return resolve;
    },
    [Symbol.asyncDispose]: () => gateway.stop(),
  };
}

function withCancelListener(connection: SubgraphConnection, onCancel: () => void): SubgraphConnection {
  const execute: SubgraphClient['execute'] = (request, context) => {
    context.signal?.addEventListener('abort', { handleEvent: onCancel });
    return connection.client.execute(request, context);
  };
  return { ...connection, client: { ...connection.client, execute } };
}

function nameOf(actor: Actor): string {
  return actor.kind === 'user' ? actor.userId : actor.kind;
}

function accountsResolvers(joins: Joins) {
  return {
    Query: {
      whoAmI: (_root: unknown, _args: unknown, { actor }: CallIdentity) => nameOf(actor),
      users: () => [
        { id: '1', name: 'one' },
        { id: '2', name: 'two' },
      ],
      broken: () => {
        throw new Error('select * from users where password = secret');
      },
      secret: () => 'for your eyes only',
      call: () => true,
    },
    Mutation: { rename: (_root: unknown, { name }: { name: string }) => ({ id: '1', name }) },
    Subscription: { userJoined: { subscribe: () => joins.stream() } },
    User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `user ${id}` }) },
  };
}

const reviewsResolvers = {
  Query: { ratings: () => [5] },
  User: {
    __resolveReference: ({ id }: { id: string }) => ({ id, rating: Number(id) }),
    seenBy: (_root: unknown, _args: unknown, { actor }: CallIdentity) => nameOf(actor),
  },
};

interface Behaviour {
  /** Gets each operation that is run. */
  readonly asked: string[];
  readonly isBroken: () => boolean;
  /** What it waits for before it answers. */
  readonly ready: () => Promise<void> | undefined;
}

function toSubgraph(
  typeDefs: string,
  resolvers: object,
  { asked, isBroken, ready }: Behaviour,
): InProcessSubgraph {
  const schema: GraphQLSchema = buildSubgraphSchema({
    typeDefs: parse(typeDefs),
    resolvers: resolvers as never,
  });
  return {
    execute: async ({ query, variables }, contextValue) => {
      asked.push(query);
      await ready();
      if (isBroken()) throw new Error('connection refused');
      return execute({ schema, document: parse(query), variableValues: variables, contextValue });
    },
    subscribe: async ({ query, variables }, contextValue) =>
      subscribe({
        schema,
        document: parse(query),
        variableValues: variables,
        contextValue,
      }) as Promise<object>,
    health: async () => ({ database: !isBroken() }),
  };
}
