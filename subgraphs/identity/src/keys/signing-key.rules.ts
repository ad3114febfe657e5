const minuteMs = 60_000;

export const keyPolicy = {
  /**
   * How long a new key is shown before it signs: longer than verifiers and caches keep what they were shown (five
   * minutes) and than processes keep what they read.
   */
  leadMs: 10 * minuteMs,
  /** How long a key is shown after another took its place: longer than the tokens that it signed live. */
  trailMs: 30 * minuteMs,
  /** How often a process reads the keys. */
  reloadMs: 30_000,
  /** How long it goes by what it read, should reading fail. */
  staleMs: 2 * minuteMs,
} as const;

interface Key {
  readonly activatedAt: Date;
  readonly retiredAt: Date | null;
}

/** The key that signs at a time: the newest that is active and not retired. */
export function findSigner<K extends Key>(keys: readonly K[], at: Date): K | undefined {
  return keys
    .filter(({ activatedAt, retiredAt }) => activatedAt <= at && retiredAt === null)
    .toSorted((a, b) => a.activatedAt.getTime() - b.activatedAt.getTime())
    .at(-1);
}

/** Whether a key verifies at a time: one that signs, or will, or has until a short while ago. */
export function isShown<K extends Key>(key: K, keys: readonly K[], at: Date): boolean {
  const successors = keys.filter(({ activatedAt }) => activatedAt > key.activatedAt && activatedAt <= at);
  const ends = [key.retiredAt, ...successors.map(({ activatedAt }) => activatedAt)].filter(
    (end) => end !== null,
  );
  const end = Math.min(...ends.map((time) => time.getTime()));
  return at.getTime() < end + keyPolicy.trailMs;
}
