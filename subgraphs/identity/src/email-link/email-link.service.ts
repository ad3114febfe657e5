import { createHash, randomBytes } from 'node:crypto';
import { uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import { addJob } from '@suvidha/jobs';
import type { Sealer } from '@suvidha/seal';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { Db } from '../db.ts';
import type { EmailLink, LinkPurpose, PrismaClient } from '../generated/prisma/client.ts';
import { sendLinkTask } from '../jobs/send-link.job.ts';
import type { AddressLimits } from '../limit/address.limits.ts';
import type { RateLimiter } from '../limit/rate-limiter.ts';
import { linkLifetimeMs, mailLimits } from './email-link.rules.ts';

/** A link to send, with what happens when it is followed. */
export interface NewLink {
  readonly purpose: LinkPurpose;
  readonly email: string;
  /** Whose address it proves. Absent: nobody's yet. */
  readonly userId?: string;
  readonly username?: string | null;
  readonly passwordHash?: string | null;
}

export interface EmailLinkDependencies {
  readonly db: PrismaClient;
  readonly limiter: RateLimiter;
  readonly addressLimits: AddressLimits;
  readonly sealer: Sealer;
  readonly now: () => Date;
}

/**
 * Sends links by e-mail and takes their tokens back, each once. It does the same work for every address: only the job
 * that writes the mail looks whether there is an account, and it sends a mail either way.
 */
export class EmailLinkService {
  readonly #dependencies: EmailLinkDependencies;

  constructor(dependencies: EmailLinkDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Counts a mail that somebody asks for.
   * @throws UserError RATE_LIMITED.
   */
  async countRequest(caller: SubgraphContext, email: string): Promise<void> {
    const { db, addressLimits } = this.#dependencies;
    await addressLimits.countMessage(db, caller);
    if (await this.mayMail(email)) return;
    throw new UserError(
      UserErrorCode.RATE_LIMITED,
      'Mails were sent to this address a short while ago: wait before asking again.',
      ['input', 'email'],
    );
  }

  /** Counts a mail to an address. @returns whether it may be sent, or the address had enough of them lately. */
  async mayMail(email: string): Promise<boolean> {
    const { db, limiter } = this.#dependencies;
    for (const limit of [mailLimits.cooldown, mailLimits.hourly])
      if (!(await limiter.count(db, limit, email))) return false;
    return true;
  }

  /** Replaces the open link of this address and purpose by a new one and sends it. */
  async send(tx: Db, link: NewLink): Promise<void> {
    const { sealer, now } = this.#dependencies;
    const { purpose, email } = link;
    const createdAt = now();
    await this.#close(tx, { email, purpose }, createdAt);
    const id = uuidv7();
    const token = randomBytes(32).toString('base64url');
    await tx.emailLink.create({
      data: {
        id,
        purpose,
        email,
        tokenHash: hash(token),
        userId: link.userId ?? null,
        username: link.username ?? null,
        passwordHash: link.passwordHash ?? null,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + linkLifetimeMs[purpose]),
      },
    });
    await addJob(tx, sendLinkTask, { linkId: id, sealedToken: sealer.seal('email-link', token) });
  }

  /** The registration of an address that waits to be confirmed. */
  findOpenRegistration(email: string, tx: Db = this.#dependencies.db): Promise<EmailLink | null> {
    return tx.emailLink.findFirst({
      where: { email, purpose: 'REGISTRATION', closedAt: null },
      orderBy: { createdAt: 'desc' },
    });
  }

  /** Sends the open link of a registration again, under a new token. */
  async resend(tx: Db, email: string): Promise<void> {
    const open = await this.findOpenRegistration(email, tx);
    const { username = null, passwordHash = null } = open ?? {};
    await this.send(tx, { purpose: 'REGISTRATION', email, username, passwordHash });
  }

  /**
   * Finds the link of a token without using it up.
   * @throws UserError LINK_INVALID.
   */
  async get(caller: SubgraphContext, token: string, purposes: readonly LinkPurpose[]): Promise<EmailLink> {
    const { db, addressLimits, now } = this.#dependencies;
    await addressLimits.countAttempt(db, caller);
    const link = await db.emailLink.findFirst({
      where: {
        tokenHash: hash(token),
        purpose: { in: [...purposes] },
        closedAt: null,
        expiresAt: { gt: now() },
      },
    });
    if (!link) throw linkInvalid();
    return link;
  }

  /**
   * Whether somebody registered this address with another password lately. Only one of them can be its owner, and the link
   * that the owner follows may be the other's.
   */
  async isContested({ email, passwordHash }: EmailLink): Promise<boolean> {
    const { db, now } = this.#dependencies;
    const other = await db.emailLink.findFirst({
      where: {
        email,
        purpose: 'REGISTRATION',
        expiresAt: { gt: now() },
        AND: [{ passwordHash: { not: null } }, { passwordHash: { not: passwordHash } }],
      },
      select: { id: true },
    });
    return other !== null;
  }

  /**
   * Uses up a link, in the transaction that acts on it.
   * @throws UserError LINK_INVALID when another request was faster.
   */
  async consume(tx: Db, { id }: EmailLink): Promise<void> {
    const { count } = await tx.emailLink.updateMany({
      where: { id, closedAt: null },
      data: { closedAt: this.#dependencies.now() },
    });
    if (count !== 1) throw linkInvalid();
  }

  /** Closes all open links of an address: what they protect has changed. */
  closeAll(tx: Db, email: string | null): Promise<void> {
    return email === null ? Promise.resolve() : this.#close(tx, { email }, this.#dependencies.now());
  }

  async #close(tx: Db, where: { email: string; purpose?: LinkPurpose }, closedAt: Date): Promise<void> {
    await tx.emailLink.updateMany({ where: { ...where, closedAt: null }, data: { closedAt } });
  }
}

export function linkInvalid(): UserError {
  return new UserError(
    UserErrorCode.LINK_INVALID,
    'This link was used before, is too old, or is not ours: ask for a new one.',
    ['input', 'token'],
  );
}

/** A token has 256 random bits: a plain hash is enough to make a stolen table useless. */
function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
