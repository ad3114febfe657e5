const userPrefix = 'user:';

/** The id of the person who pays, out of the payer that events name. Null: a guest, whom nobody knows how to reach. */
export function findPayingUser(payer: string): string | null {
  return payer.startsWith(userPrefix) ? payer.slice(userPrefix.length) : null;
}
