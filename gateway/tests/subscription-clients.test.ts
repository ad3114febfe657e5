import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import {
  fetchExchange,
  type SubscriptionOperation,
  subscriptionExchange,
  Client as UrqlClient,
} from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient, type SubscribePayload } from 'graphql-ws';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type StreamGraph, startStreamGraph } from './support/stream-graph.ts';

const query = 'subscription { noteAdded { text account { owner } } }';
const authorization = 'Bearer asha';

function toNote(text: string) {
  return { noteAdded: { text, account: { owner: 'of asha' } } };
}

/** What a client library is asked to do: subscribe, report, stop. */
interface Subscriber {
  readonly next: (data: unknown) => void;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
}
type Subscribe = (query: string, subscriber: Subscriber) => () => void;

interface Library extends AsyncDisposable {
  readonly subscribe: Subscribe;
}

function createSocketClient(url: string) {
  return createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  });
}

function withoutTypenames(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (_key, value) => {
    if (value?.__typename) delete value.__typename;
    return value;
  });
}

function openGraphqlWs(url: string): Library {
  const client = createSocketClient(url);
  return {
    subscribe: (text, { next, error, complete }) =>
      client.subscribe({ query: text }, { next: ({ data }) => next(data), error, complete }),
    [Symbol.asyncDispose]: async () => client.dispose(),
  };
}

function openGraphqlSse(url: string): Library {
  const client = createSseClient({ url: `${url}/graphql`, headers: { authorization }, retryAttempts: 0 });
  return {
    subscribe: (text, { next, error, complete }) =>
      client.subscribe(
        { query: text },
        { next: ({ data, errors }) => (errors ? error(errors) : next(data)), error, complete },
      ),
    [Symbol.asyncDispose]: async () => client.dispose(),
  };
}

function openApollo(link: ApolloLink, dispose: () => unknown): Library {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return {
    subscribe: (text, { next, error, complete }) => {
      const subscription = client.subscribe({ query: gql(text) }).subscribe({
        next: (result) => (result.error ? error(result.error) : next(withoutTypenames(result.data))),
        error,
        complete,
      });
      return () => subscription.unsubscribe();
    },
    [Symbol.asyncDispose]: async () => {
      client.stop();
      await dispose();
    },
  };
}

function openApolloSocket(url: string): Library {
  const client = createSocketClient(url);
  return openApollo(new GraphQLWsLink(client), () => client.dispose());
}

function openApolloMultipart(url: string): Library {
  return openApollo(new HttpLink({ uri: `${url}/graphql`, headers: { authorization } }), () => undefined);
}

function openUrql(client: UrqlClient, dispose: () => unknown): Library {
  return {
    subscribe: (text, { next, error }) => {
      const { unsubscribe } = client.subscription(text, {}).subscribe((result) => {
        if (result.error) error(result.error);
        else next(withoutTypenames(result.data));
      });
      return unsubscribe;
    },
    [Symbol.asyncDispose]: async () => {
      await dispose();
    },
  };
}

function openUrqlSocket(url: string): Library {
  const client = createSocketClient(url);
  const forwardSubscription = (request: SubscriptionOperation) => ({
    subscribe: (sink: object) => {
      const unsubscribe = client.subscribe(request as SubscribePayload, sink as never);
      return { unsubscribe };
    },
  });
  return openUrql(
    new UrqlClient({
      url: `${url}/graphql`,
      preferGetMethod: false,
      exchanges: [subscriptionExchange({ forwardSubscription })],
    }),
    () => client.dispose(),
  );
}

function openUrqlFetch(url: string): Library {
  return openUrql(
    new UrqlClient({
      url: `${url}/graphql`,
      preferGetMethod: false,
      exchanges: [fetchExchange],
      fetchSubscriptions: true,
      fetchOptions: { headers: { authorization } },
    }),
    () => undefined,
  );
}

const libraries: readonly [string, (url: string) => Library][] = [
  ['graphql-ws', openGraphqlWs],
  ['graphql-sse', openGraphqlSse],
  ['Apollo Client over a socket', openApolloSocket],
  ['Apollo Client over multipart HTTP', openApolloMultipart],
  ['urql over a socket', openUrqlSocket],
  ['urql over server-sent events', openUrqlFetch],
];

/** Everything a subscriber is told, in order. */
function watch(library: Library, text: string) {
  const seen: unknown[] = [];
  const errors: unknown[] = [];
  const end = library.subscribe(text, {
    next: (data) => seen.push(data),
    error: (error) => errors.push(error),
    complete: () => seen.push('complete'),
  });
  return { seen, errors, end };
}

async function untilOpen(graph: StreamGraph, count: number): Promise<void> {
  await vi.waitUntil(() => graph.ledger.open === count);
}

describe.each(libraries)('%s, as it is', (_name, open) => {
  it('gets each event, twice over when it has subscribed twice, and ends its stream by leaving', async () => {
    await using graph = await startStreamGraph();
    await using library = open(graph.url);
    const first = watch(library, query);
    await untilOpen(graph, 1);
    graph.ledger.addNote('one');
    await vi.waitUntil(() => first.seen.length === 1);
    const second = watch(library, `${query} # again`);
    await vi.waitUntil(() => {
      graph.ledger.addNote('two');
      return second.seen.length > 0;
    });
    expect(first.seen.slice(0, 2)).toEqual([toNote('one'), toNote('two')]);
    expect(second.seen[0]).toEqual(toNote('two'));
    first.end();
    second.end();
    await untilOpen(graph, 0);
    expect([first.errors, second.errors]).toEqual([[], []]);
  });

  it('is told of an operation that is not valid', async () => {
    await using graph = await startStreamGraph();
    await using library = open(graph.url);
    const { errors } = watch(library, 'subscription { nobodyAdded { text } }');
    await vi.waitUntil(() => errors.length > 0);
    expect(JSON.stringify(errors) + String(errors)).toContain('nobodyAdded');
  });
});

describe('the multipart protocol', () => {
  it('separates parts so that each is complete when it is there, and ends with the closing boundary', async () => {
    await using graph = await startStreamGraph();
    const response = await fetch(`${graph.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'multipart/mixed;subscriptionSpec=1.0, application/json',
        'content-type': 'application/json',
        authorization: 'Bearer asha.400',
      },
      body: JSON.stringify({ query }),
    });
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    );
    await untilOpen(graph, 1);
    graph.ledger.addNote('one');
    const part = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--graphql`;
    const error = JSON.stringify({
      payload: null,
      errors: [
        {
          message: 'The access token has expired: refresh the session and subscribe again.',
          extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' },
        },
      ],
    });
    expect(await response.text()).toBe(
      `--graphql${part(`{"payload":{"data":${JSON.stringify(toNote('one'))}}}`)}${part(error)}--\r\n`,
    );
  });
});
