import { createHash } from 'node:crypto';

/** Statements that a client keeps. Those with lists have a text per length of the list, so there are many. */
const maxNames = 500;

/**
 * Names statements by their text, so that all clients of a connection mean the same by a name. Those beyond the bound
 * have the empty name, PostgreSQL's for one that is not kept.
 */
export function createStatementNames(): (statement: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known) return known;
    if (names.size === maxNames) return '';
    const name = createHash('sha256').update(sql).digest('base64url');
    names.set(sql, name);
    return name;
  };
}
