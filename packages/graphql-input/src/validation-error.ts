import {
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLFormattedError,
  Kind,
  visit,
} from 'graphql';
import { toInputError } from './input-error.ts';

const valueKinds: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);

/** A validation error of a document; about a literal it names the field and the rule. */
export function toValidationError(
  error: GraphQLError,
  document: DocumentNode | undefined,
): GraphQLFormattedError {
  const [node] = error.nodes ?? [];
  if (node && document && valueKinds.has(node.kind))
    return { ...toInputError(findField(document, node), error.message), ...locationsOf(error) };
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', ...error.extensions };
  return { message: error.message, ...locationsOf(error), extensions };
}

function locationsOf({ locations }: GraphQLError): Pick<GraphQLFormattedError, 'locations'> {
  return locations ? { locations } : {};
}

/** The names of the argument and input fields that a literal stands in. */
function findField(document: DocumentNode, value: ASTNode): string[] {
  let field: string[] = [];
  visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      if (node.kind !== value.kind || node.loc?.start !== value.loc?.start) return;
      field = [...ancestors, parent ?? []].flatMap((ancestor) =>
        'kind' in ancestor && (ancestor.kind === Kind.ARGUMENT || ancestor.kind === Kind.OBJECT_FIELD)
          ? [ancestor.name.value]
          : [],
      );
    },
  });
  return field;
}
