/** Statements that a connection keeps. Those with lists have a text per length of the list, so there are many. */
const maxNames = 500;

/** Names statements by their text. Those beyond the bound have the empty name, PostgreSQL's for one that is not kept. */
export function createStatementNames(): (statement: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known) return known;
    if (names.size === maxNames) return '';
    const name = `s${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}
