import { randomUUID } from 'node:crypto';
import { type Actor, type CallIdentity, ClientApp, Role, scopesOf, type UserActor } from '@suvidha/auth';
import { ensureDatabase, uuidv7 } from '@suvidha/db';
import { createInProcessBus, type EventTransport, type LiveBus } from '@suvidha/events';
import { createLog, type Log } from '@suvidha/log';
import { inject } from 'vitest';

/** Creates an empty database on the server of this test run, under a name of its own, and answers its address. */
export async function createTestDatabase(): Promise<string> {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/test-${randomUUID()}`;
  await ensureDatabase(url.href);
  return url.href;
}

/**
 * The environment of a subgraph with a new database, demo data and otherwise defaults: load it with the subgraph's
 * variables, and spread over it what else the subgraph asks for.
 */
export async function createTestEnvironment(subgraph: string): Promise<Record<string, string>> {
  return {
    [`DATABASE_URL_${subgraph.toUpperCase()}`]: await createTestDatabase(),
    INTERNAL_SECRET: 'a secret that only tests know and use',
    SUVIDHA_DEMO: 'true',
    LOG_LEVEL: 'error',
  };
}

export interface TestDependencies<Config> {
  readonly config: Config;
  readonly log: Log;
  readonly bus: LiveBus;
  readonly transport: EventTransport;
}

/** What a subgraph's composition root is given, with live events in process and nobody to deliver events to. */
export function testDependencies<Config extends { readonly log: { readonly level: string } }>(
  config: Config,
): TestDependencies<Config> {
  return {
    config,
    log: createLog({ service: 'test', level: config.log.level }),
    bus: createInProcessBus(),
    transport: async () => {
      throw new Error('this test delivers no events: give it a transport');
    },
  };
}

/** Somebody who is logged in on the web. Default: a person unknown so far, with the role of a customer. */
export function testActor({
  userId = uuidv7(),
  roles = [Role.USER],
}: {
  readonly userId?: string;
  readonly roles?: readonly Role[];
} = {}): UserActor {
  return {
    kind: 'user',
    userId,
    sessionId: uuidv7(),
    clientApp: ClientApp.WEB,
    roles,
    scopes: scopesOf(roles),
  };
}

/** A call by the gateway on behalf of the actor. */
export function testIdentity(actor: Actor): CallIdentity {
  return { issuer: 'gateway', actor, requestId: 'test-request' };
}
