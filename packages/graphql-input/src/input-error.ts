import type { GraphQLFormattedError } from 'graphql';

/**
 * An error about one input value.
 * @param field where it stands: names of arguments, variables and input fields, and list indices.
 * @param graphqlMessage what graphql-js says of it, which may repeat the value.
 */
export function toInputError(
  field: readonly (string | number)[],
  graphqlMessage: string,
): GraphQLFormattedError {
  return {
    message: `${field.join('.') || 'A value'}: ${toRule(graphqlMessage)}`,
    extensions: { code: 'BAD_USER_INPUT', field: field.map(String) },
  };
}

/** The rules of graphql-js whose sentences quote the value, each said without it. Others name only types and fields. */
const quoting: readonly [RegExp, string][] = [
  [/^(Int|Float|String|Boolean|ID) cannot represent .*/s, 'It must be of type $1.'],
  [/^Value .* does not exist in "(\w+)" enum.*/s, 'It must be a value of $1.'],
  [/^Enum "(\w+)" cannot represent .*/s, 'It must be a value of $1.'],
  [/^Expected value of type "([^"]+)", found .*/s, 'It must be of type $1.'],
];

function toRule(message: string): string {
  for (const [pattern, rule] of quoting) if (pattern.test(message)) return message.replace(pattern, rule);
  return message;
}
