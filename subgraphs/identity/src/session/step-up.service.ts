import type { UserActor } from '@suvidha/auth';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { PrismaClient, User } from '../generated/prisma/client.ts';
import type { OtpService } from '../otp/otp.service.ts';
import type { CredentialService } from '../password/credential.service.ts';
import type { SessionService } from './session.service.ts';

/** What a person proves again by who they are. */
export interface StepUpProof {
  readonly password?: string | null | undefined;
  readonly otp?: { readonly challengeId: string; readonly code: string } | null | undefined;
}

export interface StepUpDependencies {
  readonly db: PrismaClient;
  readonly otp: OtpService;
  readonly credentials: CredentialService;
  readonly sessions: SessionService;
  readonly audit: AuditLog;
}

/** Lets who is logged in prove again that it is them, before what is hard to undo. */
export class StepUpService {
  readonly #dependencies: StepUpDependencies;

  constructor(dependencies: StepUpDependencies) {
    this.#dependencies = dependencies;
  }

  /** @throws UserError INVALID_INPUT, NOT_FOUND, or of the proof that is given. */
  async reauthenticate(caller: SubgraphContext, actor: UserActor, proof: StepUpProof): Promise<void> {
    const { db, audit } = this.#dependencies;
    const entry = { action: AuditAction.REAUTHENTICATION, subjectId: actor.userId };
    await audit.watch(caller, entry, async () => {
      const user = await db.user.findUniqueOrThrow({ where: { id: actor.userId } });
      if (proof.otp && !proof.password) await this.#byOtp(caller, actor, { user, ...proof.otp });
      else if (proof.password && !proof.otp)
        await this.#byPassword(caller, actor, { user, password: proof.password });
      else throw new UserError(UserErrorCode.INVALID_INPUT, 'Give either the password or a code.', ['input']);
      await audit.record(db, caller, entry);
    });
  }

  async #byPassword(
    caller: SubgraphContext,
    actor: UserActor,
    { user, password }: { user: User; password: string },
  ): Promise<void> {
    const { db, credentials, sessions } = this.#dependencies;
    await credentials.verify(caller, { name: user.id, user, password, field: 'password' });
    await sessions.confirm(db, actor);
  }

  /** The code must have been sent to the person, not to whoever asks. */
  async #byOtp(
    caller: SubgraphContext,
    actor: UserActor,
    { user, challengeId, code }: { user: User; challengeId: string; code: string },
  ): Promise<void> {
    const { db, otp, sessions } = this.#dependencies;
    const { clientApp } = actor;
    const challenge = await otp.verify(caller, { challengeId, code, clientApp, purpose: 'LOGIN' });
    if (![user.phoneNumber, user.email].includes(challenge.destination))
      throw new UserError(UserErrorCode.NOT_FOUND, 'There is no such challenge.', [
        'input',
        'otp',
        'challengeId',
      ]);
    await db.$transaction(async (tx) => {
      await otp.consume(tx, challenge);
      await sessions.confirm(tx, actor);
    });
  }
}
