import { toValidationError } from '@suvidha/graphql-input';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { findNestingError, maxTokens } from './nesting.ts';
import { createOperationLimitsRule } from './operation-limits.rule.ts';
import { unconditionalRootRule } from './unconditional-root.rule.ts';

/** A document that may run, or why it may not. */
export type PreparedDocument =
  | {
      readonly document: DocumentNode;
      /** Its text: one string for all who send the same. */
      readonly source: string;
    }
  | { readonly errors: readonly GraphQLFormattedError[] };

/** The specification's rules and our limits. */
const validationRules = [...specifiedRules, createOperationLimitsRule()];
/** Texts kept prepared, in characters: what is kept of a document grows with its text. */
const capacityCharacters = 256 * 1024;

/** Parses and validates each text once for a schema, for the ways that do not lead through Apollo Server. */
export class DocumentStore {
  readonly #schema: GraphQLSchema;
  readonly #documents = new Map<string, PreparedDocument>();
  #characters = 0;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  prepare(source: string): PreparedDocument {
    const known = this.#documents.get(source);
    if (known) return known;
    const prepared = this.#parse(source);
    this.#documents.set(source, prepared);
    this.#characters += source.length;
    for (const [oldest] of this.#documents) {
      if (this.#characters <= capacityCharacters) break;
      this.#documents.delete(oldest);
      this.#characters -= oldest.length;
    }
    return prepared;
  }

  #validate(document: DocumentNode): readonly GraphQLError[] {
    const conditional = validate(this.#schema, document, [unconditionalRootRule]);
    return conditional.length > 0 ? conditional : validate(this.#schema, document, validationRules);
  }

  #parse(source: string): PreparedDocument {
    const tooDeep = findNestingError(source);
    if (tooDeep) return { errors: [tooDeep] };
    try {
      const document = parse(source, { maxTokens });
      const errors = this.#validate(document);
      if (errors.length > 0) return { errors: errors.map((error) => toValidationError(error, document)) };
      // What is kept needs no locations, which hold on to every token of the text.
      return { document: parse(source, { maxTokens, noLocation: true }), source };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [{ ...error.toJSON(), extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] };
    }
  }
}
