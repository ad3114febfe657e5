/**
 * What is subscribed to, and the HTTP that events are asked for with: `POST /tick` sends one to everybody,
 * `POST /changes?rate=R&seconds=S` sends R a second, each to one entity; `GET /open` says how many streams are open.
 */
import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { createTick, typeDefs } from './graph.ts';

type Deliver = (event: object) => void;

/** Who listens to which topic. */
const topics = new Map<string, Set<Deliver>>();
let open = 0;
let count = 0;

function publish(topic: string, field: string): void {
  count += 1;
  const event = { [field]: createTick(count) };
  for (const deliver of topics.get(topic) ?? []) deliver(event);
}

function listen(topic: string): AsyncIterableIterator<object> {
  const waiting: object[] = [];
  const listeners = topics.get(topic) ?? new Set();
  let wake: ((result: IteratorResult<object>) => void) | undefined;
  const deliver: Deliver = (event) => {
    if (wake) wake({ value: event, done: false });
    else waiting.push(event);
    wake = undefined;
  };
  topics.set(topic, listeners.add(deliver));
  open += 1;
  return {
    next: () => {
      const event = waiting.shift();
      if (event) return Promise.resolve({ value: event, done: false });
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
    return: async () => {
      if (listeners.delete(deliver)) open -= 1;
      wake?.({ value: undefined, done: true });
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

export const schema = buildSubgraphSchema({
  typeDefs: parse(typeDefs),
  resolvers: {
    Query: { open: () => open },
    Subscription: {
      ticked: { subscribe: () => listen('all') },
      changed: { subscribe: (_root: unknown, { id }: { id: string }) => listen(id) },
    } as never,
  },
});

/** Sends changes at an even pace, in steps of ten milliseconds. */
async function sendChanges(rate: number, seconds: number): Promise<void> {
  const ids = [...topics.keys()].filter((topic) => topic !== 'all');
  const startedAt = performance.now();
  for (let sent = 0; sent < rate * seconds; await delay(10)) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - startedAt) / 1000) * rate));
    // A stride that shares no factor with the number of entities visits them all.
    for (; sent < due; sent++) publish(ids[(sent * 7_919) % ids.length] ?? '', 'changed');
  }
}

/** Answers GraphQL over HTTP too, as a subgraph must. */
export function createControlServer(): Server {
  return createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (pathname === '/open') return response.end(String(open));
    if (pathname === '/tick') {
      publish('all', 'ticked');
      return response.end();
    }
    if (pathname === '/changes') {
      await sendChanges(Number(searchParams.get('rate')), Number(searchParams.get('seconds')));
      return response.end();
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { query = '{ open }', variables } = text ? JSON.parse(text) : {};
    const result = await graphql({ schema, source: query, variableValues: variables });
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  });
}
