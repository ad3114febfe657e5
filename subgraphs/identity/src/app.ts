import { createDeliveryHandlers, createEventConsumer, createEventStore } from '@suvidha/events';
import { createSealer } from '@suvidha/seal';
import {
  createSubgraphApp,
  openDatabase,
  type SubgraphApp,
  type SubgraphDependencies,
} from '@suvidha/subgraph';
import type { FastifyPluginAsync } from 'fastify';
import type { IdentityConfig } from './config.ts';
import { createDb, type Db } from './db.ts';
import { seedDemo } from './demo.ts';
import { createSendOtpHandler, sendOtpTask } from './jobs/send-otp.job.ts';
import { loadSigningKeys, type SigningKeys } from './keys/signing-keys.ts';
import { OtpService } from './otp/otp.service.ts';
import { createSmtpSender } from './providers/smtp/smtp.sender.ts';
import { createTwilioSender } from './providers/twilio/twilio.sender.ts';
import { buildIdentitySchema } from './schema.ts';
import { createAccessTokenIssuer } from './session/access-token.issuer.ts';
import { LoginService } from './session/login.service.ts';
import { SessionService } from './session/session.service.ts';
import { UserService } from './user/user.service.ts';

export interface IdentityDependencies extends SubgraphDependencies<IdentityConfig> {
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

export interface IdentityApp extends SubgraphApp {
  /** The public keys that verify access tokens. */
  readonly jwks: SigningKeys['jwks'];
}

const migrationsDirectory = new URL('../../../prisma/identity/migrations', import.meta.url).pathname;

/** Builds the identity subgraph from its configuration: the only place that constructs its services. */
export async function createIdentityApp(dependencies: IdentityDependencies): Promise<IdentityApp> {
  const { config, log, bus, transport, now = () => new Date() } = dependencies;
  const database = await openDatabase({
    url: config.database.url,
    migrationsDirectory,
    applicationName: 'identity',
    log,
  });
  const db = createDb(database.pool);
  if (config.demo.isEnabled) await seedDemo(db);
  const sealer = createSealer(config.secrets.masterKey);
  const keys = await loadSigningKeys(db, database.pool, sealer);
  const store = createEventStore<Db>({ db, bus, log });
  const otp = new OtpService({ db, sealer, now });
  const sessions = new SessionService({ db, issuer: createAccessTokenIssuer(keys, now), now });
  const login = new LoginService({ store, otp, sessions, now });
  const senders = { SMS: createTwilioSender(config.twilio), EMAIL: createSmtpSender(config.mail) };
  const app = createSubgraphApp({
    name: 'identity',
    subgraph: await buildIdentitySchema({ otp, sessions, login, users: new UserService(db) }),
    database,
    log,
    consume: createEventConsumer(store, {}),
    jobs: { ...createDeliveryHandlers(transport), [sendOtpTask]: createSendOtpHandler(senders, sealer) },
    routes: createKeyRoute(keys),
    close: () => db.$disconnect(),
  });
  return { ...app, jwks: keys.jwks };
}

function createKeyRoute(keys: SigningKeys): FastifyPluginAsync {
  return async (server) => {
    server.get('/.well-known/jwks.json', async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(keys.jwks),
    );
  };
}
