import type { z } from 'zod';

/** One environment variable: its name, what it may hold, what it is for. */
export interface Variable<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
  /** One sentence for `.env.example`: meaning, unit, effect of absence. */
  readonly description: string;
  /** A value that works on a development machine. Secrets have none. */
  readonly example?: string;
}

/** Variables of a process by concern, such as `{ http: { port } }`. */
export type Variables = Readonly<Record<string, Readonly<Record<string, Variable>>>>;

/** The nested, typed configuration that {@link Variables} load to. */
export type ConfigOf<V extends Variables> = {
  readonly [Group in keyof V]: { readonly [Key in keyof V[Group]]: z.output<V[Group][Key]['schema']> };
};

export function variable<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  text: { description: string; example?: string },
): Variable<Schema> {
  return { name, schema, ...text };
}
