/** Which versions of a client app are served on one platform. */
export interface ServedVersions {
  readonly app: string;
  readonly platform: string;
  /** Older ones are served no more. */
  readonly minimumVersion: string;
  /** Older ones are served, and told that there is a newer one. */
  readonly recommendedVersion: string;
  /** Where to get the newest. Null: the platform's store knows. */
  readonly downloadUrl: string | null;
}

/** What a client of some version should do. */
export type VersionVerdict = 'SUPPORTED' | 'UPGRADE_RECOMMENDED' | 'UPGRADE_REQUIRED';

const pattern = /^\d{1,9}(\.\d{1,9}){0,3}$/;

/** Whether a text is a version: up to four numbers with points between them, such as `2.14.0`. */
export function isVersion(text: string): boolean {
  return pattern.test(text);
}

/**
 * Compares versions number by number; what is missing counts as 0, so `2.0` and `2` are the same.
 * @returns negative when `a` is older, positive when it is newer
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let index = 0; index < 4; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What a client of this version should do. A version that cannot be read is older than all. */
export function judgeVersion(
  version: string,
  { minimumVersion, recommendedVersion }: Pick<ServedVersions, 'minimumVersion' | 'recommendedVersion'>,
): VersionVerdict {
  if (!isVersion(version) || compareVersions(version, minimumVersion) < 0) return 'UPGRADE_REQUIRED';
  return compareVersions(version, recommendedVersion) < 0 ? 'UPGRADE_RECOMMENDED' : 'SUPPORTED';
}
