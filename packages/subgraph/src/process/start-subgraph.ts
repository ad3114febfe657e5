import type { ConfigOf } from '@suvidha/config';
import {
  createHttpTransport,
  createInProcessBus,
  createRedisBus,
  type EventTransport,
  type LiveBus,
} from '@suvidha/events';
import { createLog, type Log } from '@suvidha/log';
import type { Running } from '@suvidha/process';
import type { SubgraphApp } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import type { SubgraphName, subgraphVariables } from './variables.ts';

export type SubgraphConfig = ConfigOf<ReturnType<typeof subgraphVariables>>;

/** What a subgraph's composition root is given by its surroundings. */
export interface SubgraphDependencies<Config extends SubgraphConfig = SubgraphConfig> {
  readonly config: Config;
  readonly log: Log;
  readonly bus: LiveBus;
  readonly transport: EventTransport;
}

/** Runs one subgraph as a process of its own: HTTP, WebSocket, Redis for live events. */
export async function startSubgraph<Config extends SubgraphConfig>(
  name: SubgraphName,
  config: Config,
  createApp: (dependencies: SubgraphDependencies<Config>) => Promise<SubgraphApp>,
): Promise<Running> {
  const log = createLog({ service: name, level: config.log.level });
  const bus = config.redis.url ? createRedisBus({ url: config.redis.url, log }) : createInProcessBus();
  const transport = createHttpTransport({
    issuer: name,
    secret: config.internal.secret,
    urls: config.services,
  });
  const app = await createApp({ config, log, bus, transport });
  await app.start();
  const server = await listen(app, { ...config.http, internalSecret: config.internal.secret, log });
  return {
    stop: async () => {
      await server.close();
      await app.stop();
      await bus.close();
    },
  };
}
