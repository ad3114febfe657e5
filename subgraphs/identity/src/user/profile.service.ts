import type { UserActor } from '@suvidha/auth';
import { isUniqueViolation } from '@suvidha/db';
import type { EventStore } from '@suvidha/events';
import type { Notifier } from '@suvidha/notifications';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { EmailLinkService } from '../email-link/email-link.service.ts';
import type { OtpChallenge, User } from '../generated/prisma/client.ts';
import { notifyOwner } from '../notification/account.notification.ts';
import type { OtpService } from '../otp/otp.service.ts';
import { lockUser } from '../session/revocation.ts';
import type { SessionService } from '../session/session.service.ts';
import { alreadyRegistered, readUsername } from './user.errors.ts';
import { toContact } from './user.queries.ts';

interface OtpProof {
  readonly challengeId: string;
  readonly code: string;
}

/** What a person changes about themself. What is absent stays as it is. */
export interface ProfileChange {
  readonly username?: string | null | undefined;
  /** A code of purpose VERIFY that was sent to the new phone number. */
  readonly phoneVerification?: OtpProof | null | undefined;
  /** A code of purpose VERIFY that was sent to the new e-mail address. */
  readonly emailVerification?: OtpProof | null | undefined;
}

export interface ProfileServiceDependencies {
  readonly store: EventStore<Db>;
  readonly otp: OtpService;
  readonly links: EmailLinkService;
  readonly sessions: SessionService;
  readonly notifier: Notifier;
  readonly audit: AuditLog;
  readonly now: () => Date;
}

/** Changes what an account says of a person. A new contact is proven first, and the old one is told. */
export class ProfileService {
  readonly #dependencies: ProfileServiceDependencies;

  constructor(dependencies: ProfileServiceDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * @throws UserError INVALID_INPUT, ALREADY_REGISTERED, STEP_UP_REQUIRED, NOT_FOUND when the session ends meanwhile, or of
   * {@link OtpService.verify}.
   */
  async update(caller: SubgraphContext, actor: UserActor, change: ProfileChange): Promise<User> {
    const username = readUsername(change.username);
    const { sessions, audit } = this.#dependencies;
    const attempt = { action: AuditAction.CONTACT_CHANGED, subjectId: actor.userId };
    return audit.watch(caller, attempt, async () => {
      if (change.phoneVerification || change.emailVerification) await sessions.assertRecent(actor);
      const challenges = await this.#verify(caller, change);
      return this.#apply(caller, actor, { username, challenges }).catch((error: unknown) => {
        throw isUniqueViolation(error) ? alreadyRegistered() : error;
      });
    });
  }

  /** Each code must have come by the channel of the contact that it is to prove. */
  async #verify(
    caller: SubgraphContext,
    { phoneVerification, emailVerification }: ProfileChange,
  ): Promise<OtpChallenge[]> {
    const proofs = [
      { proof: phoneVerification, channel: 'SMS' as const },
      { proof: emailVerification, channel: 'EMAIL' as const },
    ];
    const challenges: OtpChallenge[] = [];
    for (const { proof, channel } of proofs)
      if (proof)
        challenges.push(
          await this.#dependencies.otp.verify(caller, { ...proof, channel, purpose: 'VERIFY' }),
        );
    return challenges;
  }

  #apply(
    caller: SubgraphContext,
    actor: UserActor,
    { username, challenges }: { username: string | null; challenges: readonly OtpChallenge[] },
  ): Promise<User> {
    const { store, sessions, audit } = this.#dependencies;
    const { userId } = actor;
    return store.transact(async (unit) => {
      const { tx } = unit;
      await lockUser(tx, userId);
      // Who was shut out, or left, while the codes were looked at has no account to change.
      await sessions.assertStanding(tx, actor);
      const before = await tx.user.findUniqueOrThrow({ where: { id: userId } });
      const changed = username === null ? [] : ['username'];
      if (username !== null) await tx.user.update({ where: { id: userId }, data: { username } });
      for (const challenge of challenges) changed.push(await this.#setContact(tx, before, challenge));
      if (changed.length > 0)
        await unit.append({
          type: 'user.updated',
          aggregateType: 'user',
          aggregateId: userId,
          payload: { userId, changed },
        });
      if (challenges.length > 0)
        await audit.record(tx, caller, {
          action: AuditAction.CONTACT_CHANGED,
          subjectId: userId,
          details: { changed },
        });
      return tx.user.findUniqueOrThrow({ where: { id: userId } });
    });
  }

  async #setContact(tx: Db, before: User, challenge: OtpChallenge): Promise<string> {
    const { otp, links, notifier, now } = this.#dependencies;
    const { id, channel, destination } = challenge;
    const isPhone = channel === 'SMS';
    await otp.consume(tx, challenge);
    await otp.closeAll(tx, [isPhone ? before.phoneNumber : before.email]);
    if (!isPhone) await links.closeAll(tx, before.email);
    await tx.user.update({
      where: { id: before.id },
      data: {
        ...toContact(channel, destination),
        ...(isPhone ? { phoneVerifiedAt: now() } : { emailVerifiedAt: now() }),
      },
    });
    const happening = isPhone ? 'PHONE_CHANGED' : 'EMAIL_CHANGED';
    await notifyOwner(tx, notifier, before, { happening, cause: `otp:${id}`, at: now() });
    return isPhone ? 'phoneNumber' : 'email';
  }
}
