import type { SocialProvider } from '../generated/prisma/enums.ts';

/** Secrets of one login, and where the provider sends the person back. */
export interface SocialStart {
  /** Comes back with the person. */
  readonly state: string;
  /** Comes back inside what the provider signs. */
  readonly nonce: string;
  /** Proves to the provider that who exchanges the code also asked for it (RFC 7636). */
  readonly codeVerifier: string;
  /** Our own address for this provider and no other. */
  readonly callbackUrl: string;
}

/** What came back with the person, and what was kept of the start. */
export interface SocialAnswer extends SocialStart {
  readonly code: string;
  /** Who says that it answers (RFC 9207). Absent: nobody said. */
  readonly issuer?: string | undefined;
  /** What the provider told the page about the person, unsigned. Apple alone does, and once. */
  readonly userText?: string | undefined;
}

/** Who somebody is, as a provider says. */
export interface SocialProfile {
  /** Who says so. */
  readonly issuer: string;
  /** How the issuer knows the person; never given to anybody else. */
  readonly subject: string;
  readonly email: string | null;
  /** Whether the provider asserts that the address is the person's. */
  readonly isEmailVerified: boolean;
  /** Whether the address is a relay that the provider made up. */
  readonly isPrivateEmail: boolean;
  readonly displayName: string | null;
  /** The refresh token of a session at the back end that did the login. Absent: there is none. */
  readonly backEndToken?: string;
  /** What the provider wants back when the person leaves. Absent: nothing. */
  readonly grant?: string | undefined;
}

/** Lets a provider say who somebody is. */
export interface SocialGateway {
  /**
   * The address to send the person to.
   * @throws AppError UPSTREAM_UNAVAILABLE.
   */
  start(start: SocialStart): Promise<string>;
  /**
   * Exchanges what came back for who the person is, and verifies it.
   * @throws SocialRefusal when it is not to be believed; AppError UPSTREAM_UNAVAILABLE when the provider cannot be asked.
   */
  finish(answer: SocialAnswer): Promise<SocialProfile>;
  /**
   * Gives back what {@link SocialProfile.grant} was. Giving it back twice is no error. Absent: there is never one.
   * @throws SocialRefusal, or AppError UPSTREAM_UNAVAILABLE
   */
  revoke?(grant: string): Promise<void>;
}

/** The providers that are configured. */
export type SocialGateways = Readonly<Partial<Record<SocialProvider, SocialGateway>>>;

/** What a provider answered is not to be believed, or it refused. The reason is for the log. */
export class SocialRefusal extends Error {
  override readonly name = 'SocialRefusal';
  /** In a word, such as `OAUTH_JWT_CLAIM_COMPARISON_FAILED` or `invalid_grant`; never a value. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`the login was refused: ${reason}`, options);
    this.reason = reason;
  }
}
