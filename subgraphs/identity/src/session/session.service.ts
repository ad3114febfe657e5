import { createHash, randomBytes } from 'node:crypto';
import type { UserActor } from '@suvidha/auth';
import { isUuid, uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore } from '@suvidha/events';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { AppOrigins } from '../client-app/client-app.rules.ts';
import type { Db } from '../db.ts';
import type { PrismaClient, Session, User } from '../generated/prisma/client.ts';
import type { AccessTokenIssuer } from './access-token.issuer.ts';
import type { BackEndSessions } from './back-end-sessions.ts';
import { lockUser, type RevocationReason, revokeSessions, type SessionChoice } from './revocation.ts';
import { explainRefusal, type LoginWish, sessionPolicy, toGrantedRoles } from './session.rules.ts';

/** What a client gets when it logs in or refreshes. */
export interface Tokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly sessionId: string;
  readonly user: User;
}

export interface SessionServiceDependencies {
  readonly db: PrismaClient;
  readonly store: EventStore<Db>;
  readonly issuer: AccessTokenIssuer;
  readonly audit: AuditLog;
  readonly backEndSessions: BackEndSessions;
  readonly origins: AppOrigins;
  readonly now: () => Date;
}

/** Logins and their refresh tokens, which are exchanged on every use. */
export class SessionService {
  readonly #dependencies: SessionServiceDependencies;

  constructor(dependencies: SessionServiceDependencies) {
    this.#dependencies = dependencies;
  }

  /** Opens a session for a person who has proven who they are. */
  async open(tx: Db, { client }: SubgraphContext, user: User, wish: LoginWish): Promise<Tokens> {
    const now = this.#dependencies.now();
    const session = await tx.session.create({
      data: {
        id: uuidv7(),
        userId: user.id,
        clientApp: wish.clientApp,
        role: wish.role ?? null,
        address: client.address ?? null,
        userAgent: client.userAgent ?? null,
        authenticatedAt: now,
        lastUsedAt: now,
        createdAt: now,
      },
    });
    return this.#issue(tx, user, session);
  }

  /**
   * Exchanges a refresh token for new tokens. Within the grace a token that was exchanged already gives another pair of
   * the same session; later it ends the whole session: one of the two who hold it stole it (RFC 9700 §4.14.2).
   * @throws UserError REFRESH_TOKEN_INVALID.
   */
  async refresh(caller: SubgraphContext, refreshToken: string): Promise<Tokens> {
    const tokenHash = hash(refreshToken);
    const { db } = this.#dependencies;
    await this.#endWithBackEnd(caller, tokenHash);
    const tokens = await db.$transaction((tx) => this.#exchange(tx, caller, tokenHash));
    if (tokens) return tokens;
    await this.#revokeIfReused(caller, tokenHash);
    throw new UserError(
      UserErrorCode.REFRESH_TOKEN_INVALID,
      'The refresh token is unknown, used, revoked or expired: log in again.',
      ['input', 'refreshToken'],
    );
  }

  /** The sessions of a person that can still be used, the newest first; at most a hundred. */
  async list({ userId }: UserActor): Promise<Session[]> {
    const { db, now } = this.#dependencies;
    const since = new Date(now().getTime() - sessionPolicy.refreshLifetimeMs);
    return db.session.findMany({
      where: { userId, revokedAt: null, lastUsedAt: { gt: since } },
      orderBy: { id: 'desc' },
      take: 100,
    });
  }

  /** Ends the session of whoever asks. Ending it twice is no error. */
  async close(caller: SubgraphContext, actor: UserActor): Promise<void> {
    await this.end(caller, actor.userId, { only: actor.sessionId }, 'LOGOUT');
  }

  /**
   * Ends one session of whoever asks.
   * @throws UserError NOT_FOUND when it is not theirs, or ended before.
   */
  async revoke(caller: SubgraphContext, actor: UserActor, sessionId: string): Promise<void> {
    const ended = isUuid(sessionId)
      ? await this.end(caller, actor.userId, { only: sessionId }, 'REVOKED_BY_USER')
      : [];
    if (ended.length === 0)
      throw new UserError(UserErrorCode.NOT_FOUND, 'There is no such session.', ['input', 'sessionId']);
  }

  /** Ends sessions of a person and says so in the audit log. @returns their ids. */
  end(
    caller: SubgraphContext,
    userId: string,
    choice: SessionChoice,
    reason: RevocationReason,
  ): Promise<readonly string[]> {
    const { store, audit, now } = this.#dependencies;
    return store.transact(async (unit) => {
      const ended = await revokeSessions(unit, { userId, choice, reason, at: now() });
      const action = reason === 'LOGOUT' ? AuditAction.LOGOUT : AuditAction.SESSION_REVOKED;
      if (ended.length > 0)
        await audit.record(unit.tx, caller, {
          action,
          subjectId: userId,
          details: { reason, sessionIds: ended },
        });
      return ended;
    });
  }

  /**
   * That the person proved a short while ago who they are, in a session that still stands. In a transaction, call it
   * after the account was locked: then nothing ends the session before the transaction does.
   * @param tx default: outside of any transaction
   * @throws UserError STEP_UP_REQUIRED.
   */
  async assertRecent({ userId, sessionId }: UserActor, tx: Db = this.#dependencies.db): Promise<void> {
    const since = new Date(this.#dependencies.now().getTime() - sessionPolicy.recentMs);
    const recent = await tx.session.findFirst({
      where: { id: sessionId, userId, revokedAt: null, authenticatedAt: { gt: since } },
      select: { id: true },
    });
    if (!recent)
      throw new UserError(UserErrorCode.STEP_UP_REQUIRED, 'Prove again who you are, by reauthenticate.');
  }

  /**
   * That the session of whoever asks still stands: it ends with the account. Call it after the account was locked.
   * @throws UserError NOT_FOUND when it has ended.
   */
  async assertStanding(tx: Db, { userId, sessionId }: UserActor): Promise<void> {
    const where = { id: sessionId, userId, revokedAt: null };
    if ((await tx.session.count({ where })) !== 1) throw sessionEnded();
  }

  /**
   * Notes that the person proved again who they are.
   * @throws UserError NOT_FOUND when the session has ended.
   */
  async confirm(tx: Db, { userId, sessionId }: UserActor): Promise<void> {
    const { count } = await tx.session.updateMany({
      where: { id: sessionId, userId, revokedAt: null },
      data: { authenticatedAt: this.#dependencies.now() },
    });
    if (count !== 1) throw sessionEnded();
  }

  async #exchange(tx: Db, caller: SubgraphContext, tokenHash: string): Promise<Tokens | null> {
    const now = this.#dependencies.now();
    const grace = new Date(now.getTime() - sessionPolicy.refreshGraceMs);
    const live = { tokenHash, expiresAt: { gt: now }, session: { revokedAt: null } };
    const known = await tx.refreshToken.findFirst({
      where: live,
      select: { session: { select: { userId: true } } },
    });
    if (!known) return null;
    // A role that is taken away meanwhile would else be in a token that is newer than the change, and outlives it.
    await lockUser(tx, known.session.userId);
    const { count } = await tx.refreshToken.updateMany({
      where: { ...live, usedAt: null },
      data: { usedAt: now },
    });
    const token = await tx.refreshToken.findFirst({
      where: count === 1 ? { tokenHash } : { ...live, usedAt: { gt: grace } },
      select: { session: { include: { user: true } } },
    });
    if (!token || !this.#mayStay(caller, token.session)) return null;
    const { id, user } = token.session;
    await tx.session.update({ where: { id }, data: { lastUsedAt: now } });
    return this.#issue(tx, user, token.session);
  }

  /** Roles, apps and accounts change between refreshes. */
  #mayStay({ client }: SubgraphContext, session: Session & { user: User }): boolean {
    const { origins } = this.#dependencies;
    return explainRefusal(session.user, session, { origins, origin: client.origin }) === null;
  }

  /** A session that has ended at the back end ends here too. */
  async #endWithBackEnd(caller: SubgraphContext, tokenHash: string): Promise<void> {
    const { db, backEndSessions } = this.#dependencies;
    const token = await db.refreshToken.findFirst({
      where: { tokenHash, session: { revokedAt: null, descopeSession: { isNot: null } } },
      select: { session: { select: { id: true, userId: true } } },
    });
    if (!token || (await backEndSessions.isLive(token.session.id))) return;
    const { id, userId } = token.session;
    await this.end(caller, userId, { only: id }, 'BACK_END_ENDED');
  }

  async #revokeIfReused(caller: SubgraphContext, tokenHash: string): Promise<void> {
    const { db, store, audit, now } = this.#dependencies;
    const grace = new Date(now().getTime() - sessionPolicy.refreshGraceMs);
    const reused = await db.refreshToken.findFirst({
      where: { tokenHash, usedAt: { lte: grace }, session: { revokedAt: null } },
      select: { session: { select: { id: true, userId: true } } },
    });
    if (!reused) return;
    const { id, userId } = reused.session;
    await store.transact(async (unit) => {
      await revokeSessions(unit, { userId, choice: { only: id }, reason: 'TOKEN_REUSED', at: now() });
      await audit.record(unit.tx, caller, {
        action: AuditAction.TOKEN_REUSED,
        outcome: 'FAILURE',
        subjectId: userId,
        details: { sessionId: id },
      });
    });
  }

  async #issue(tx: Db, user: User, session: Session): Promise<Tokens> {
    const { issuer, now } = this.#dependencies;
    const refreshToken = randomBytes(32).toString('base64url');
    const createdAt = now();
    await tx.refreshToken.create({
      data: {
        id: uuidv7(),
        sessionId: session.id,
        tokenHash: hash(refreshToken),
        createdAt,
        expiresAt: new Date(createdAt.getTime() + sessionPolicy.refreshLifetimeMs),
      },
    });
    const { token, expiresAt } = await issuer.issue({
      user: { id: user.id, roles: toGrantedRoles(user.roles, session.role) },
      sessionId: session.id,
      clientApp: session.clientApp,
    });
    return { accessToken: token, accessTokenExpiresAt: expiresAt, refreshToken, sessionId: session.id, user };
  }
}

function sessionEnded(): UserError {
  return new UserError(UserErrorCode.NOT_FOUND, 'This session has ended: log in again.');
}

/** A refresh token has 256 random bits: a plain hash is enough to make a stolen table useless. */
function hash(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex');
}
