import { hash, verify } from '@node-rs/argon2';

/** Cost of a hash. OWASP asks for at least 19 MiB, 2 passes, 1 lane. */
export interface HashCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** Hashes passwords with Argon2id (RFC 9106), off the event loop. */
export interface PasswordHasher {
  /** The hash in PHC form, with its salt and cost. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one. Takes as long when there is none to compare with, so that time does not tell who
   * has an account.
   */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
  /** Whether the hash was made at another cost than is asked for now. */
  isOutdated(passwordHash: string): boolean;
}

/** Makes a hasher; it hashes once to have something to compare with when there is no account. */
export async function createPasswordHasher({ memoryKib, passes }: HashCost): Promise<PasswordHasher> {
  // Argon2id is the library's default; its enum is one that a bundler-less build cannot import.
  const options = { memoryCost: memoryKib, timeCost: passes, parallelism: 1 };
  const decoy = await hash('nobody has this password', options);
  return {
    hash: (password) => hash(password, options),
    verify: async (passwordHash, password) => {
      const isRight = await verify(passwordHash ?? decoy, password);
      return passwordHash !== null && isRight;
    },
    isOutdated: (passwordHash) => !passwordHash.startsWith(`$argon2id$v=19$m=${memoryKib},t=${passes},p=1$`),
  };
}
