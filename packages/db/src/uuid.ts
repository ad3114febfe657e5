const canonicalUuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/**
 * Whether an id from outside can be one of ours: a UUID in the canonical spelling (RFC 9562 §4), in lower case as we
 * write it. Ask before a query on a `uuid` column: PostgreSQL refuses other text with an error, and takes other
 * spellings but answers the canonical one, which is then not the key that was asked for.
 */
export function isUuid(text: string): boolean {
  return canonicalUuid.test(text);
}
