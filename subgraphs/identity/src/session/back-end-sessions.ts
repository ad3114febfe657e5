import type { Db } from '../db.ts';

/** Sessions at another service that proves who people are, which stand behind sessions here. */
export interface BackEndSessions {
  /** Keeps the session that came with a proof: a challenge or a social login, by its id. */
  keep(db: Db, behind: { readonly proofId: string; readonly token: string }): Promise<void>;
  /** The proof has become a session here. Without anything kept for the proof, nothing happens. */
  attach(tx: Db, opened: { readonly proofId: string; readonly sessionId: string }): Promise<void>;
  /**
   * Whether what stands behind a session still does. True for a session that nothing stands behind.
   * @throws AppError UPSTREAM_UNAVAILABLE
   */
  isLive(sessionId: string): Promise<boolean>;
}

/** Sessions stand on their own. */
export const noBackEndSessions: BackEndSessions = {
  keep: async () => undefined,
  attach: async () => undefined,
  isLive: async () => true,
};
