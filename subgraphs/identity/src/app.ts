import { createAccessTokenVerifier } from '@suvidha/auth';
import {
  createDeliveryHandlers,
  createEventConsumer,
  createEventStore,
  type EventStore,
} from '@suvidha/events';
import type { Notifier } from '@suvidha/notifications';
import { createSealer, type Sealer } from '@suvidha/seal';
import {
  createSubgraphApp,
  openDatabase,
  type SubgraphApp,
  type SubgraphDependencies,
} from '@suvidha/subgraph';
import type { FastifyPluginAsync } from 'fastify';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { AuditLog } from './audit/audit.log.ts';
import { AuditService } from './audit/audit.service.ts';
import { createOwnBackEnd, type IdentityBackEnd } from './back-end/identity-back-end.ts';
import { toAppOrigins } from './client-app/app-origins.config.ts';
import type { IdentityConfig } from './config.ts';
import { AdminDashboardService } from './dashboard/admin-dashboard.service.ts';
import { createDb, type Db } from './db.ts';
import { seedDemo } from './demo.ts';
import { createDescope } from './descope/descope.ts';
import { EmailLinkService } from './email-link/email-link.service.ts';
import type { PrismaClient } from './generated/prisma/client.ts';
import {
  createHousekeepingHandler,
  housekeepingTask,
  scheduleHousekeeping,
} from './jobs/housekeeping.job.ts';
import { createSendLinkHandler, sendLinkTask } from './jobs/send-link.job.ts';
import { KeyRotation } from './keys/key-rotation.ts';
import { SigningKeys } from './keys/signing-keys.ts';
import { AddressLimits } from './limit/address.limits.ts';
import { RateLimiter } from './limit/rate-limiter.ts';
import { createNotifications } from './notification/notifications.ts';
import { createReceiptSender } from './notification/receipt.notification.ts';
import { OtpService } from './otp/otp.service.ts';
import { CredentialService } from './password/credential.service.ts';
import { createPasswordHasher } from './password/password.hasher.ts';
import { createPasswordPolicy } from './password/password.policy.ts';
import { PasswordService } from './password/password.service.ts';
import { PasswordChangeService } from './password/password-change.service.ts';
import { createArchiveRoutes } from './privacy/archive.routes.ts';
import { ArchiveLinks } from './privacy/archive-link.ts';
import { DataExportService } from './privacy/data-export.service.ts';
import { ErasureService } from './privacy/erasure.service.ts';
import { ReleaseService } from './release/release.service.ts';
import { buildIdentitySchema } from './schema.ts';
import { createAccessTokenIssuer } from './session/access-token.issuer.ts';
import { LoginGate } from './session/login.gate.ts';
import { LoginService } from './session/login.service.ts';
import { RevocationFeed } from './session/revocation.feed.ts';
import { SessionService } from './session/session.service.ts';
import { StepUpService } from './session/step-up.service.ts';
import { TokenInspectionService } from './session/token-inspection.service.ts';
import { demoReturnPage } from './social/return.page.ts';
import { createSocialLogins } from './social/social-logins.ts';
import { ProfileService } from './user/profile.service.ts';
import { UserService } from './user/user.service.ts';
import { UserAdminService } from './user/user-admin.service.ts';

export interface IdentityDependencies extends SubgraphDependencies<IdentityConfig> {
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

export interface IdentityApp extends SubgraphApp {
  /** Finds the public key of an access token, also while keys change. */
  readonly verificationKey: JWTVerifyGetKey;
  /** What gateways ask for to know whose tokens no longer hold. */
  readonly revocations: RevocationFeed;
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
  const keys = new SigningKeys({ db, pool: database.pool, sealer, now });
  await keys.jwks();
  const revocations = new RevocationFeed(db);
  const store = createEventStore<Db>({ db, bus: revocations.listenTo(bus), log });
  const audit = new AuditLog({ db, now });
  const notifications = createNotifications({ config, db, sealer, audit, log, now });
  const { notifier } = notifications;
  const backEnd =
    createDescope({ config: config.descope, db, sealer, now }) ??
    createOwnBackEnd({ config, sealer, notifier });
  const services = await createServices({
    ...dependencies,
    now,
    db,
    sealer,
    keys,
    audit,
    store,
    notifier,
    backEnd,
  });
  const stopReadingKeys = keys.keepFresh(log);
  const app = createSubgraphApp({
    name: 'identity',
    subgraph: await buildIdentitySchema({ ...services, ...notifications.services }),
    database,
    log,
    consume: createEventConsumer(store, {
      'export.part_ready': services.exports.takePart,
      'erasure.completed': services.erasures.takeCompletion,
      'receipt.issued': createReceiptSender(notifier),
    }),
    jobs: {
      ...createDeliveryHandlers(transport),
      ...notifications.jobs,
      ...backEnd.jobs,
      ...services.socialJobs,
      [housekeepingTask]: createHousekeepingHandler({
        db,
        keyRotation: services.keyRotation,
        keyLifetimeDays: config.keys.lifetimeDays,
        now,
      }),
      [sendLinkTask]: createSendLinkHandler({ db, notifier, sealer, webAppUrl: config.addresses.webApp }),
    },
    routes: async (server) => {
      await server.register(createKeyRoute(keys));
      await server.register(createArchiveRoutes(services.exports, services.archiveLinks));
      await server.register(services.socialRoutes);
      if (config.demo.isEnabled) await server.register(demoReturnPage);
    },
    calls: {
      revocations: (input) => revocations.read(z.object({ since: z.string().optional() }).parse(input).since),
    },
    close: async () => {
      stopReadingKeys();
      await db.$disconnect();
    },
  });
  const start = async () => {
    await scheduleHousekeeping(db, now());
    await app.start();
  };
  return { ...app, start, verificationKey: keys.verificationKey, revocations };
}

interface Foundations extends Required<IdentityDependencies> {
  readonly db: PrismaClient;
  readonly sealer: Sealer;
  readonly keys: SigningKeys;
  readonly audit: AuditLog;
  readonly store: EventStore<Db>;
  readonly notifier: Notifier;
  readonly backEnd: IdentityBackEnd;
}

async function createServices(foundations: Foundations) {
  const { config, db, sealer, keys, audit, store, notifier, backEnd, log, now } = foundations;
  const origins = toAppOrigins(config);
  const limiter = new RateLimiter({ sealer, now });
  const addressLimits = new AddressLimits({ limiter, ...config.limits });
  const issuer = createAccessTokenIssuer(() => keys.signer(), now);
  const sessions = new SessionService({
    db,
    store,
    issuer,
    audit,
    backEndSessions: backEnd.sessions,
    origins,
    now,
  });
  const gate = new LoginGate({ sessions, audit, backEndSessions: backEnd.sessions, origins });
  const otp = new OtpService({ db, addressLimits, codes: backEnd.codes, now });
  const links = new EmailLinkService({ db, limiter, addressLimits, sealer, now });
  const hasher = await createPasswordHasher(config.passwords);
  const policy = createPasswordPolicy();
  const credentials = new CredentialService({ db, hasher, limiter, addressLimits });
  const common = {
    db,
    store,
    otp,
    links,
    addressLimits,
    sessions,
    credentials,
    hasher,
    policy,
    gate,
    notifier,
    audit,
    now,
  };
  const social = createSocialLogins({
    ...common,
    config: config.social,
    gateways: backEnd.gateways,
    backEndSessions: backEnd.sessions,
    sealer,
    log,
  });
  return {
    otp,
    sessions,
    login: new LoginService(common),
    stepUp: new StepUpService(common),
    inspection: new TokenInspectionService(db, createAccessTokenVerifier(keys.verificationKey, { now })),
    passwords: new PasswordService(common),
    passwordChanges: new PasswordChangeService(common),
    users: new UserService(db),
    profiles: new ProfileService(common),
    userAdmin: new UserAdminService(common),
    audit: new AuditService(db),
    dashboard: new AdminDashboardService(db, now),
    keyRotation: new KeyRotation({ db, keys, audit }),
    releases: new ReleaseService(common),
    exports: new DataExportService({ ...common, sealer }),
    erasures: new ErasureService(common),
    archiveLinks: new ArchiveLinks({ sealer, publicUrl: config.addresses.public, now }),
    social: social.services,
    socialRoutes: social.routes,
    socialJobs: social.jobs,
  };
}

function createKeyRoute(keys: SigningKeys): FastifyPluginAsync {
  return async (server) => {
    server.get('/.well-known/jwks.json', async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(await keys.jwks()),
    );
  };
}
