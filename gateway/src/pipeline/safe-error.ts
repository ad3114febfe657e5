import { AppError } from '@suvidha/errors';
import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
  print,
  visit,
} from 'graphql';

/** What leaves the gateway when something broke: a code, and the request id by which the log tells more. */
export function toMaskedError(requestId: string): GraphQLFormattedError {
  return {
    message: 'Something went wrong on our side.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

/** An error of our own as clients see it. */
export function fromAppError(error: AppError): GraphQLFormattedError {
  return {
    message: error.message,
    extensions: {
      code: error.code,
      ...(error.reason && { reason: error.reason }),
      ...(error.field && { field: error.field }),
    },
  };
}

/**
 * A validation error as clients see it. graphql-js repeats a wrong literal in its message; ours names the field and
 * the rule, never the value.
 */
export function fromValidationError(error: GraphQLError, document: DocumentNode): GraphQLFormattedError {
  const [node] = error.nodes ?? [];
  const found = node && `, found ${print(node)}`;
  const at = found ? error.message.indexOf(found) : -1;
  if (!node || !found || at === -1)
    return { ...error.toJSON(), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };
  const expected = error.message.slice(0, at);
  const rule = error.message.slice(at + found.length).replace(/^; /, '');
  const field = findField(document, node);
  return {
    message: rule && rule !== '.' ? `${field.at(-1) ?? 'A value'}: ${rule}` : `${expected}.`,
    ...(error.locations && { locations: error.locations }),
    extensions: { code: 'BAD_USER_INPUT', field },
  };
}

/** The names of the argument and input fields that a value stands in. */
function findField(document: DocumentNode, value: ASTNode): string[] {
  let found: string[] = [];
  visit(document, {
    enter(node, _key, _parent, _path, ancestors) {
      if (node.kind !== value.kind || node.loc?.start !== value.loc?.start) return;
      const around = [...ancestors.flat()].filter((ancestor) => 'kind' in ancestor);
      found = around.flatMap((ancestor) =>
        ancestor.kind === Kind.ARGUMENT || ancestor.kind === Kind.OBJECT_FIELD ? [ancestor.name.value] : [],
      );
    },
  });
  return found;
}
