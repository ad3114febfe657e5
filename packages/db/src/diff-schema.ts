import { MigrationError } from './migrations.ts';
import { withSchemaEngine } from './schema-engine.ts';

/**
 * The SQL that takes a database to a Prisma schema; null when it is there already. It covers what such a schema can say:
 * checks, triggers, functions and partial indexes of the database are neither made nor dropped.
 *
 * @throws MigrationError when the schema is not valid
 */
export async function diffSchema(url: string, schema: string): Promise<string | null> {
  const files = [{ path: 'schema.prisma', content: schema }];
  return withSchemaEngine(url, async (engine) => {
    const difference = await engine
      .diff({
        from: { tag: 'schemaDatasource', files, configDir: '' },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      })
      .catch((cause) => {
        throw new MigrationError(cause);
      });
    return difference.exitCode === 0 ? null : difference.stdout;
  });
}
