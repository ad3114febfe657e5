import type { UserActor } from '@suvidha/auth';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore } from '@suvidha/events';
import type { Notifier } from '@suvidha/notifications';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { EmailLinkService } from '../email-link/email-link.service.ts';
import type { PrismaClient, User } from '../generated/prisma/client.ts';
import { notifyOwner } from '../notification/account.notification.ts';
import type { OtpService } from '../otp/otp.service.ts';
import { revokeSessions, type SessionChoice } from '../session/revocation.ts';
import type { SessionService } from '../session/session.service.ts';
import { toContact } from '../user/user.queries.ts';
import type { CredentialService } from './credential.service.ts';
import { assertAllowed, credentialsIncorrect } from './password.errors.ts';
import type { PasswordHasher } from './password.hasher.ts';
import type { PasswordPolicy } from './password.policy.ts';

/** What proves who may choose a new password: a link that was sent, or a code. */
export interface ResetProof {
  readonly token?: string | null | undefined;
  readonly otp?: { readonly challengeId: string; readonly code: string } | null | undefined;
}

export interface PasswordChangeDependencies {
  readonly db: PrismaClient;
  readonly store: EventStore<Db>;
  readonly links: EmailLinkService;
  readonly otp: OtpService;
  readonly sessions: SessionService;
  readonly credentials: CredentialService;
  readonly hasher: PasswordHasher;
  readonly policy: PasswordPolicy;
  readonly notifier: Notifier;
  readonly audit: AuditLog;
  readonly now: () => Date;
}

interface Change {
  readonly user: User;
  readonly password: string;
  /** The hash that must still stand when the new one is set. Absent: whichever stands. */
  readonly expected?: string | null;
  /** Which sessions end. */
  readonly choice: SessionChoice;
  readonly action: AuditAction;
}

/** Sets passwords. A new one ends other sessions and voids every code and link that is under way. */
export class PasswordChangeService {
  readonly #dependencies: PasswordChangeDependencies;

  constructor(dependencies: PasswordChangeDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Sends a link to choose a new password. The answer is the same whether or not there is an account.
   * @throws UserError RATE_LIMITED.
   */
  async requestReset(caller: SubgraphContext, email: string): Promise<void> {
    const { store, links } = this.#dependencies;
    await links.countRequest(caller, email);
    await store.transact(({ tx }) => links.send(tx, { purpose: 'PASSWORD_RESET', email }));
  }

  /**
   * Sets a new password for who has the link or the code, once, and ends all sessions.
   * @throws UserError LINK_INVALID, PASSWORD_NOT_ALLOWED, INVALID_INPUT, NOT_REGISTERED, or of {@link OtpService.verify}.
   */
  async reset(caller: SubgraphContext, proof: ResetProof, password: string): Promise<void> {
    const { links, otp, audit } = this.#dependencies;
    const action = AuditAction.PASSWORD_RESET;
    await audit.watch(caller, { action }, async () => {
      if (proof.token && !proof.otp) {
        const link = await links.get(caller, proof.token, ['PASSWORD_RESET']);
        const user = await this.#getUser({ email: link.email });
        await this.#change(caller, { user, password, choice: 'ALL', action }, (tx) =>
          links.consume(tx, link),
        );
      } else if (proof.otp && !proof.token) {
        const challenge = await otp.verify(caller, { ...proof.otp, purpose: 'PASSWORD_RESET' });
        const user = await this.#getUser(toContact(challenge.channel, challenge.destination));
        await this.#change(caller, { user, password, choice: 'ALL', action }, (tx) =>
          otp.consume(tx, challenge),
        );
      } else throw proofMissing();
    });
  }

  /**
   * Changes the password of whoever asks and ends their other sessions. Who has none yet sets the first, after proving
   * again who they are.
   * @throws UserError CREDENTIALS_INCORRECT, STEP_UP_REQUIRED, PASSWORD_NOT_ALLOWED or RATE_LIMITED.
   */
  async change(
    caller: SubgraphContext,
    actor: UserActor,
    { currentPassword, newPassword }: { currentPassword?: string | null | undefined; newPassword: string },
  ): Promise<void> {
    const { db, sessions, credentials, audit } = this.#dependencies;
    const action = AuditAction.PASSWORD_CHANGED;
    await audit.watch(caller, { action, subjectId: actor.userId }, async () => {
      const known = await db.user.findUniqueOrThrow({ where: { id: actor.userId } });
      const proof = {
        name: known.id,
        user: known,
        password: currentPassword ?? '',
        field: 'currentPassword',
      };
      if (known.passwordHash === null) await sessions.assertRecent(actor);
      const user = known.passwordHash === null ? known : await credentials.verify(caller, proof);
      const expected = user.passwordHash;
      const choice = { except: actor.sessionId };
      const change = { user, expected, password: newPassword, choice, action };
      await this.#change(caller, change, async () => undefined);
    });
  }

  /** @param consume uses up the proof, in the transaction that acts on it */
  async #change(
    caller: SubgraphContext,
    { user, expected, password, choice, action }: Change,
    consume: (tx: Db) => Promise<void>,
  ): Promise<void> {
    const { store, otp, links, hasher, policy, notifier, audit, now } = this.#dependencies;
    const { id: userId, email, phoneNumber, username } = user;
    assertAllowed(policy, password, { personal: [email, username, phoneNumber], field: 'newPassword' });
    const passwordHash = await hasher.hash(password);
    const at = now();
    await store.transact(async (unit) => {
      const { tx } = unit;
      await consume(tx);
      await revokeSessions(unit, { userId, choice, reason: 'PASSWORD_CHANGED', at });
      const { count } = await tx.user.updateMany({
        where: { id: userId, ...(expected !== undefined && { passwordHash: expected }) },
        data: { passwordHash },
      });
      if (count !== 1) throw credentialsIncorrect('currentPassword');
      await otp.closeAll(tx, [email, phoneNumber]);
      await links.closeAll(tx, email);
      const cause = `password:${userId}:${at.toISOString()}`;
      await notifyOwner(tx, notifier, user, { happening: 'PASSWORD_CHANGED', cause, at });
      await audit.record(tx, caller, { action, subjectId: userId });
    });
  }

  async #getUser(where: { email: string } | { phoneNumber: string }): Promise<User> {
    const user = await this.#dependencies.db.user.findUnique({ where });
    if (user?.status !== 'ACTIVE')
      throw new UserError(UserErrorCode.NOT_REGISTERED, 'There is no account to set a password for.');
    return user;
  }
}

function proofMissing(): UserError {
  return new UserError(UserErrorCode.INVALID_INPUT, 'Give either the token of the link or the code.', [
    'input',
    'token',
  ]);
}
