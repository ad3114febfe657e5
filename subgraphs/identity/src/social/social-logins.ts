import type { EventStore } from '@suvidha/events';
import type { JobHandlers } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import type { Notifier } from '@suvidha/notifications';
import type { Sealer } from '@suvidha/seal';
import type { FastifyPluginAsync } from 'fastify';
import type { AuditLog } from '../audit/audit.log.ts';
import type { Db } from '../db.ts';
import type { AddressLimits } from '../limit/address.limits.ts';
import type { SocialGateways } from '../providers/social-gateway.ts';
import type { BackEndSessions } from '../session/back-end-sessions.ts';
import type { LoginGate } from '../session/login.gate.ts';
import type { SessionService } from '../session/session.service.ts';
import { AccountLinker } from './account-linker.ts';
import { createSocialCallbacks } from './callback.route.ts';
import { LinkedAccountService } from './linked-account.service.ts';
import { PendingLogins } from './pending-logins.ts';
import type { SocialServices } from './social.resolver.ts';
import type { SocialConfig } from './social-gateways.ts';
import { createGrantJobs } from './social-grants.ts';
import { SocialLoginService } from './social-login.service.ts';
import { SocialVerifier } from './social-verifier.ts';

export interface SocialLoginParts {
  readonly config: SocialConfig['social'];
  /** The providers themselves, or a service in front of them. */
  readonly gateways: SocialGateways;
  readonly backEndSessions: BackEndSessions;
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly sealer: Sealer;
  readonly gate: LoginGate;
  readonly sessions: SessionService;
  readonly audit: AuditLog;
  readonly notifier: Notifier;
  readonly addressLimits: AddressLimits;
  readonly log: Log;
  readonly now: () => Date;
}

/** Everything about logins at providers, put together. */
export function createSocialLogins({ config, gateways, sealer, log, now, ...parts }: SocialLoginParts): {
  readonly services: SocialServices;
  readonly routes: FastifyPluginAsync;
  readonly jobs: JobHandlers;
} {
  const pending = new PendingLogins({ db: parts.db, sealer, now });
  const logins = new SocialLoginService({
    ...parts,
    pending,
    verifier: new SocialVerifier({ gateways, callbackBase: config.callbackBase, log }),
    linker: new AccountLinker({ sealer, notifier: parts.notifier, now }),
    redirects: config.redirects,
  });
  return {
    services: { logins, linkedAccounts: new LinkedAccountService(parts) },
    routes: createSocialCallbacks(pending),
    jobs: createGrantJobs(gateways, sealer),
  };
}
