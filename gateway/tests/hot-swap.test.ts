import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { composeServices } from '@apollo/composition';
import { createLog } from '@suvidha/log';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openSupergraphFile, startGateway } from '../src/index.ts';
import type { SubgraphConnection } from '../src/subgraph/subgraph-connection.ts';
import { post } from './support/http.ts';

/** A supergraph whose one subgraph has these query fields. */
function compose(...fields: readonly string[]): string {
  const typeDefs = parse(`type Query { ${fields.map((field) => `${field}: String`).join(' ')} }
    type Subscription { ticked: String }`);
  return composeServices([{ name: 'clock', typeDefs, url: 'http://clock' }]).supergraphSdl ?? '';
}

/** Answers each field with its name, ticks when told to, and counts the connections that are open. */
class Clock {
  openConnections = 0;
  readonly #ticks: ((text: string) => void)[] = [];

  tick(text: string): void {
    for (const deliver of this.#ticks) deliver(text);
  }

  get subscribers(): number {
    return this.#ticks.length;
  }

  connect(): SubgraphConnection {
    this.openConnections += 1;
    return {
      client: {
        execute: async ({ query }) => ({
          data: Object.fromEntries((query.match(/\b(now|later)\b/g) ?? []).map((field) => [field, field])),
        }),
      },
      subscribe: async () => this.#stream(),
      isReady: async () => true,
      close: async () => {
        this.openConnections -= 1;
      },
    };
  }

  async *#stream() {
    for (;;) yield { data: { ticked: await new Promise<string>((resolve) => this.#ticks.push(resolve)) } };
  }
}

describe('a supergraph file that changes', () => {
  it('is served without a restart; a broken one changes nothing; subscriptions finish where they began', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'suvidha-swap-'));
    const file = path.join(directory, 'supergraph.graphql');
    const replace = async (text: string) => {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    };
    await writeFile(file, compose('now'));
    const clock = new Clock();
    const gateway = await startGateway({
      supergraph: await openSupergraphFile(file, 20),
      connect: () => clock.connect(),
      isOwnGraph: false,
      port: 0,
      host: '127.0.0.1',
      log: createLog({ service: 'test', level: 'silent' }),
    });
    const ask = async () => (await post(gateway.url, { query: '{ later }' })).body.data;
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const ticks = client.iterate({ query: 'subscription { ticked }' });
    const first = ticks.next();
    await vi.waitUntil(() => clock.subscribers === 1);

    await replace(compose('now', 'later'));
    await vi.waitUntil(async () => (await ask())?.later === 'later');
    expect(clock.openConnections).toBe(2);
    clock.tick('still here');
    expect((await first).value).toEqual({ data: { ticked: 'still here' } });

    await replace('this is no supergraph');
    await replace(compose('now', 'later', 'never'));
    await vi.waitUntil(
      async () =>
        !(
          'errors' in
          (await post(gateway.url, { query: '{ __type(name: "Query") { fields { name } } }' })).body
        ),
    );
    expect(await ask()).toEqual({ later: 'later' });

    await ticks.return?.();
    clock.tick('to let the old stream end');
    await vi.waitUntil(() => clock.openConnections === 1);
    await client.dispose();
    await gateway.stop();
    await rm(directory, { recursive: true });
  });
});
