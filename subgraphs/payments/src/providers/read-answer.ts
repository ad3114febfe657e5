import type { z } from 'zod';
import { VendorError } from './vendor.error.ts';

/**
 * A vendor's JSON as the schema wants it.
 * @throws VendorError UNKNOWN when it is not so: what the vendor did is then not known. Names fields, never values.
 */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  return readValue(schema, parseJson(text));
}

/** The same for JSON that has been parsed. */
export function readValue<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path }) => path.join('.')).join(',');
  throw new VendorError('UNKNOWN', { vendorCode: `ANSWER_INVALID ${fields}`.trim() });
}

/** Undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
