import { compareVersions, isVersion, judgeVersion, type VersionVerdict } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { ClientApp, ClientPlatform, ClientRelease, PrismaClient } from '../generated/prisma/client.ts';

/** Versions of an app that are served on a platform, as an admin sets them. */
export interface NewRelease {
  readonly app: ClientApp;
  readonly platform: ClientPlatform;
  readonly minimumVersion: string;
  readonly recommendedVersion: string;
  readonly downloadUrl?: string | null | undefined;
}

export interface ReleaseServiceDependencies {
  readonly db: PrismaClient;
  readonly audit: AuditLog;
  readonly now: () => Date;
}

/** Knows which versions of the client apps are served. */
export class ReleaseService {
  readonly #dependencies: ReleaseServiceDependencies;

  constructor(dependencies: ReleaseServiceDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * What holds for an app on a platform, with what a client of the version should do. Null: nothing was set, every
   * version is served.
   */
  async find(
    app: ClientApp,
    platform: ClientPlatform,
    version: string | null,
  ): Promise<(ClientRelease & { status: VersionVerdict | null }) | null> {
    const release = await this.#dependencies.db.clientRelease.findUnique({
      where: { app_platform: { app, platform } },
    });
    return release && { ...release, status: version === null ? null : judgeVersion(version, release) };
  }

  /** All that was set; there are no more than apps times platforms. */
  list(): Promise<ClientRelease[]> {
    return this.#dependencies.db.clientRelease.findMany({ orderBy: [{ app: 'asc' }, { platform: 'asc' }] });
  }

  /** @throws UserError INVALID_INPUT for what is no version, or a recommended one that is older than the minimum. */
  async set(caller: SubgraphContext, release: NewRelease): Promise<ClientRelease> {
    assertVersions(release);
    const { db, audit, now } = this.#dependencies;
    const { app, platform, minimumVersion, recommendedVersion, downloadUrl = null } = release;
    const versions = { minimumVersion, recommendedVersion, downloadUrl, updatedAt: now() };
    return db.$transaction(async (tx) => {
      const row = await tx.clientRelease.upsert({
        where: { app_platform: { app, platform } },
        create: { id: uuidv7(), app, platform, ...versions },
        update: versions,
      });
      const details = { app, platform, minimumVersion, recommendedVersion };
      await audit.record(tx, caller, { action: AuditAction.RELEASE_SET, details });
      return row;
    });
  }
}

function assertVersions({ minimumVersion, recommendedVersion }: NewRelease): void {
  for (const [field, version] of Object.entries({ minimumVersion, recommendedVersion }))
    if (!isVersion(version)) throw invalid('A version is up to four numbers, such as 2.14.0.', field);
  if (compareVersions(recommendedVersion, minimumVersion) < 0)
    throw invalid('The recommended version must not be older than the minimum.', 'recommendedVersion');
}

function invalid(message: string, field: string): UserError {
  return new UserError(UserErrorCode.INVALID_INPUT, message, ['input', field]);
}
