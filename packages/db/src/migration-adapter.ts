import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg, { type Pool, type QueryArrayResult } from 'pg';

/**
 * Prisma's driver adapter, made fit for the schema engine. Adapter 7.10 (1) splits scripts at every semicolon, also inside
 * function bodies and texts, and (2) refuses PostgreSQL's internal type `"char"`, which the engine reads from the catalog.
 */
export class MigrationAdapter extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const charColumns = presentCharAsText(adapter.underlyingDriver());
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const column of charColumns.get(result.rows) ?? [])
        result.columnTypes[column] = ColumnTypeEnum.Character;
      return result;
    };
    // Without parameters it goes to the server whole, which runs it in one transaction: a migration that fails leaves
    // nothing behind.
    adapter.executeScript = async (script) => {
      await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
    };
    return adapter;
  }
}

type Query = (query: unknown) => Promise<QueryArrayResult>;

/** @returns by result rows, which columns were of type `"char"` */
function presentCharAsText(pool: Pool): WeakMap<readonly unknown[], number[]> {
  const { CHAR, TEXT } = pg.types.builtins;
  const charColumns = new WeakMap<readonly unknown[], number[]>();
  const query = pool.query.bind(pool) as Query;
  const queryAsText: Query = async (input) => {
    const result = await query(input);
    // The result of several statements is a list of results, and none of them has anything to read.
    for (const [column, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== CHAR) continue;
      field.dataTypeID = TEXT;
      charColumns.set(result.rows, [...(charColumns.get(result.rows) ?? []), column]);
    }
    return result;
  };
  pool.query = queryAsText as Pool['query'];
  return charColumns;
}
