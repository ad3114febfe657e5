import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Somebody with an account at a provider. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  /** Null: the account has only a phone number. */
  readonly email: string | null;
  /** Whether the provider has seen that the address is theirs. */
  readonly isEmailVerified: boolean;
}

/** Who can be chosen on every consent page. Anybody else can be typed in. */
export const testPeople: Readonly<Record<string, Person>> = {
  asha: { firstName: 'Asha', lastName: 'Rao', email: 'asha.rao@example.com', isEmailVerified: true },
  vikram: {
    firstName: 'Vikram',
    lastName: 'Iyer',
    email: 'vikram.iyer@example.com',
    isEmailVerified: false,
  },
  meera: { firstName: 'Meera', lastName: 'Das', email: null, isEmailVerified: false },
};

const oneLine = z.string().trim().max(100);

/** A person as a form or a script types them in. Without a name, the address serves as one. */
export const personInput = z
  .object({
    first_name: oneLine.default(''),
    last_name: oneLine.default(''),
    email: z.literal('').or(z.email()).default(''),
    email_verified: z.stringbool().or(z.boolean()).default(false),
  })
  .transform(
    (input): Person => ({
      firstName: input.first_name || input.email.split('@')[0] || 'Somebody',
      lastName: input.last_name,
      email: input.email || null,
      isEmailVerified: input.email_verified,
    }),
  );

export function nameOf({ firstName, lastName }: Person): string {
  return `${firstName} ${lastName}`.trim();
}

/** The number by which a provider knows a person: the same each time, another at each provider. */
export function subjectOf(party: string, person: Person): string {
  const digest = createHash('sha256')
    .update(`${party}:${person.email ?? nameOf(person)}`)
    .digest();
  return `1${(digest.readBigUInt64BE() % 10n ** 20n).toString().padStart(20, '0')}`;
}
