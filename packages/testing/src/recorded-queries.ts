import { Client } from 'pg';

export interface RecordedQueries extends Disposable {
  /** The SQL sent to PostgreSQL by this process so far, in order. */
  readonly statements: readonly string[];
}

/** Records the SQL that this process sends, until disposed: it pins how many queries an operation may take. */
export function recordQueries(): RecordedQueries {
  const original = Client.prototype.query;
  const statements: string[] = [];
  Client.prototype.query = function query(this: Client, ...args: unknown[]) {
    statements.push(textOf(args[0]));
    return Reflect.apply(original, this, args);
  } as typeof original;
  return {
    statements,
    [Symbol.dispose]: () => {
      Client.prototype.query = original;
    },
  };
}

/** A query is given as text or as an object that has it. */
function textOf(query: unknown): string {
  return typeof query === 'string' ? query : (query as { text: string }).text;
}
