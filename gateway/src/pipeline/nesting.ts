import { GraphQLError, type GraphQLFormattedError, Lexer, Source, TokenKind } from 'graphql';

/** A document of more tokens is an attack or a mistake. */
export const maxTokens = 10_000;
/** Whoever reads a document goes down into it: far deeper ones exhaust the stack. Real ones have about 20 levels. */
const maxNesting = 200;

const steps: Readonly<Partial<Record<TokenKind, 1 | -1>>> = {
  [TokenKind.BRACE_L]: 1,
  [TokenKind.BRACKET_L]: 1,
  [TokenKind.PAREN_L]: 1,
  [TokenKind.BRACE_R]: -1,
  [TokenKind.BRACKET_R]: -1,
  [TokenKind.PAREN_R]: -1,
};

/** What is said of a document that is nested too deeply to be read; undefined when it is not. */
export function findNestingError(text: string): GraphQLFormattedError | undefined {
  return isTooDeep(text) ? nestingError : undefined;
}

const nestingError: GraphQLFormattedError = {
  message: `Syntax Error: The document is nested deeper than ${maxNesting} levels.`,
  extensions: { code: 'GRAPHQL_PARSE_FAILED' },
};

/** What else is wrong with a text, the parser says better. */
function isTooDeep(text: string): boolean {
  const lexer = new Lexer(new Source(text));
  try {
    let depth = 0;
    for (let count = 0; count < maxTokens; count++) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return false;
      depth += steps[kind] ?? 0;
      if (depth > maxNesting) return true;
    }
    return false;
  } catch (error) {
    if (error instanceof GraphQLError) return false;
    throw error;
  }
}
