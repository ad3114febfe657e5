import {
  coerceInputValue,
  type GraphQLFormattedError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';
import { toInputError } from './input-error.ts';

/** The variables as values of their types, or what is wrong with them. */
export type CoercedVariables =
  | { readonly values: Readonly<Record<string, unknown>> }
  | { readonly errors: readonly GraphQLFormattedError[] };

/** More errors tell nobody more. */
const maxErrors = 20;

/** Coerces variables as GraphQL §6.1.2 says. */
export function coerceVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  raw: Readonly<Record<string, unknown>>,
): CoercedVariables {
  const values: Record<string, unknown> = {};
  const errors: GraphQLFormattedError[] = [];
  for (const definition of definitions) {
    const name = definition.variable.name.value;
    const report = (path: readonly (string | number)[], message: string) => {
      if (errors.length < maxErrors) errors.push(toInputError([name, ...path], message));
    };
    const type = typeFromAST(schema, definition.type as never) as GraphQLInputType | undefined;
    if (!isInputType(type)) report([], 'It has a type that input cannot have.');
    else coerceVariable({ name, type, definition, raw }, values, report);
  }
  return errors.length > 0 ? { errors } : { values };
}

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly definition: VariableDefinitionNode;
  readonly raw: Readonly<Record<string, unknown>>;
}

type Report = (path: readonly (string | number)[], message: string) => void;

function coerceVariable(
  { name, type, definition, raw }: Variable,
  values: Record<string, unknown>,
  report: Report,
): void {
  const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
  if (value === undefined) {
    if (definition.defaultValue) values[name] = valueFromAST(definition.defaultValue, type);
    else if (isNonNullType(type)) report([], `It is required, of type ${type}.`);
  } else if (value === null && isNonNullType(type)) {
    report([], `It is required, of type ${type}.`);
  } else {
    values[name] = coerceInputValue(value, type, (path, _value, error) => report(path, error.message));
  }
}
