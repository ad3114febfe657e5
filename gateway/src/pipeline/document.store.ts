import { toValidationError } from '@suvidha/graphql-input';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';

/** A document that may run, or why it may not. */
export type PreparedDocument =
  | { readonly document: DocumentNode }
  | { readonly errors: readonly GraphQLFormattedError[] };

const capacity = 1_000;
/** A document of more tokens is an attack or a mistake. */
export const maxTokens = 10_000;

/** Parses and validates each text once for a schema, for the transports that Apollo Server does not serve. */
export class DocumentStore {
  readonly #schema: GraphQLSchema;
  readonly #documents = new Map<string, PreparedDocument>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  prepare(source: string): PreparedDocument {
    const known = this.#documents.get(source);
    if (known) return known;
    const prepared = this.#parse(source);
    const oldest = this.#documents.size >= capacity ? this.#documents.keys().next().value : undefined;
    if (oldest !== undefined) this.#documents.delete(oldest);
    this.#documents.set(source, prepared);
    return prepared;
  }

  #parse(source: string): PreparedDocument {
    try {
      const document = parse(source, { maxTokens });
      const errors = validate(this.#schema, document);
      if (errors.length === 0) return { document };
      return { errors: errors.map((error) => toValidationError(error, document)) };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [{ ...error.toJSON(), extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] };
    }
  }
}
