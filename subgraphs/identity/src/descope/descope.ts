import { ConfigError, type ConfigOf } from '@suvidha/config';
import type { Sealer } from '@suvidha/seal';
import type { IdentityBackEnd } from '../back-end/identity-back-end.ts';
import type { Db } from '../db.ts';
import { createDescopeSdk } from './descope.client.ts';
import { DescopeCodes } from './descope.codes.ts';
import { createDescopeJobs, createDescopeSessions } from './descope.sessions.ts';
import { createDescopeGateways } from './descope.social.ts';
import type { descopeVariables } from './descope.variables.ts';

export interface DescopeParts {
  readonly config: ConfigOf<typeof descopeVariables>['descope'];
  readonly db: Db;
  readonly sealer: Sealer;
  readonly now: () => Date;
}

/**
 * Descope as the back end.
 * @returns null when the configuration names another
 * @throws ConfigError without a project
 */
export function createDescope({ config, db, sealer, now }: DescopeParts): IdentityBackEnd | null {
  const { backEnd, projectId, baseUrl } = config;
  if (backEnd !== 'descope') return null;
  if (projectId === undefined) throw new ConfigError(['DESCOPE_PROJECT_ID is missing']);
  const sdk = createDescopeSdk({ projectId, baseUrl });
  const sessions = createDescopeSessions({ sdk, db, sealer, now });
  const codes = new DescopeCodes({ sdk, db, sealer, sessions, now });
  return {
    codes,
    sessions,
    gateways: createDescopeGateways({ sdk, projectId }),
    jobs: { ...codes.toJobs(), ...createDescopeJobs(sdk, sealer) },
  };
}
