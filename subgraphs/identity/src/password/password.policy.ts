import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** Lengths in characters. The longest keeps hashing and guessing short; NIST SP 800-63B §3.1.1.2 asks for 64 or more. */
export const passwordLength = { min: 8, max: 128 } as const;

/** Below a million guesses (a score of 2) a password falls to an attacker who may only try online. */
const minScore = 2;

/** Words that every attacker on this product tries first. */
const productWords = ['suvidha'];

/** Judges passwords without asking anybody: the list of passwords known from breaches comes with the library. */
export interface PasswordPolicy {
  /**
   * @param personal what is known of the person, such as their name and address
   * @returns which rule the password breaks, or null
   */
  findFault(password: string, personal: readonly string[]): 'TOO_SHORT' | 'TOO_LONG' | 'TOO_EASY' | null;
}

export function createPasswordPolicy(): PasswordPolicy {
  const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: passwordLength.max });
  return {
    findFault(password, personal) {
      const length = [...password].length;
      if (length < passwordLength.min) return 'TOO_SHORT';
      if (length > passwordLength.max) return 'TOO_LONG';
      const words = [...productWords, ...personal, ...personal.flatMap((text) => text.split(/[@.+]/))];
      return estimator.check(password, words).score < minScore ? 'TOO_EASY' : null;
    },
  };
}
