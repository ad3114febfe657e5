import { UserError, UserErrorCode } from '@suvidha/errors';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { AppOrigins } from '../client-app/client-app.rules.ts';
import type { Db } from '../db.ts';
import type { User } from '../generated/prisma/client.ts';
import { credentialsIncorrect } from '../password/password.errors.ts';
import type { BackEndSessions } from './back-end-sessions.ts';
import { lockUser } from './revocation.ts';
import { explainRefusal, type LoginWish } from './session.rules.ts';
import type { SessionService, Tokens } from './session.service.ts';

/** By what somebody proved who they are. */
export type LoginMethod = 'OTP' | 'PASSWORD' | 'SOCIAL';

export interface Login extends LoginWish {
  readonly method: LoginMethod;
  /** Whether the account was opened just now. Default: it was there. */
  readonly isNew?: boolean;
  /** The challenge or social login that proved it: what a back end keeps for it goes over to the session. */
  readonly proofId?: string;
}

export interface LoginGateDependencies {
  readonly sessions: SessionService;
  readonly audit: AuditLog;
  readonly backEndSessions: BackEndSessions;
  /** Web origins that each client app is served from. */
  readonly origins: AppOrigins;
}

/** Where every way in ends: it lets a person who has proven who they are into an app, or says why not. */
export class LoginGate {
  readonly #sessions: SessionService;
  readonly #audit: AuditLog;
  readonly #backEndSessions: BackEndSessions;
  readonly #origins: AppOrigins;

  constructor({ sessions, audit, backEndSessions, origins }: LoginGateDependencies) {
    this.#sessions = sessions;
    this.#audit = audit;
    this.#backEndSessions = backEndSessions;
    this.#origins = origins;
  }

  /**
   * Opens a session and writes the login down. Call it last in the transaction that uses up the proof. From here on the
   * account is locked and looked at anew: a suspension, or a new password, that comes at the same moment either ends this
   * session too, or keeps it from being opened.
   * @throws UserError CREDENTIALS_INCORRECT, ACCOUNT_SUSPENDED, or INVALID_INPUT for an app or role that is not for this person or not for
   * the page that asks.
   */
  async open(tx: Db, caller: SubgraphContext, known: User, login: Login): Promise<Tokens> {
    const { origin } = caller.client;
    await lockUser(tx, known.id);
    const user = await tx.user.findUniqueOrThrow({ where: { id: known.id } });
    if (login.method === 'PASSWORD' && user.passwordHash !== known.passwordHash)
      throw credentialsIncorrect('password');
    const refusal = explainRefusal(user, login, { origins: this.#origins, origin });
    if (refusal) throw toUserError(refusal);
    const tokens = await this.#sessions.open(tx, caller, user, login);
    const { sessionId } = tokens;
    if (login.proofId) await this.#backEndSessions.attach(tx, { proofId: login.proofId, sessionId });
    await this.#audit.record(tx, caller, {
      action: login.isNew ? AuditAction.REGISTRATION : AuditAction.LOGIN,
      subjectId: user.id,
      clientApp: login.clientApp,
      details: { method: login.method, sessionId },
    });
    return tokens;
  }
}

function toUserError(refusal: NonNullable<ReturnType<typeof explainRefusal>>): UserError {
  switch (refusal) {
    case 'ACCOUNT_SUSPENDED':
      return new UserError(UserErrorCode.ACCOUNT_SUSPENDED, 'This account is suspended.');
    case 'ROLE':
      return invalid('This account does not have that role.', 'role');
    case 'CLIENT_APP':
      return invalid('This account may not use this client app.', 'clientApp');
    case 'ORIGIN':
      return invalid('This client app is not served from the page that asks.', 'clientApp');
  }
}

function invalid(message: string, field: string): UserError {
  return new UserError(UserErrorCode.INVALID_INPUT, message, ['input', field]);
}
