import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import type { BuildSchemaOptions } from 'type-graphql';

/** A rule a text value must keep, said without the value. */
interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  readonly rule: string;
  /** The canonical form, or null when the text breaks the rule. */
  readonly parse: (text: string) => string | null;
}

function createTextScalar({
  name,
  description,
  specifiedByURL,
  rule,
  parse,
}: TextScalar): GraphQLScalarType<string, string> {
  const read = (value: unknown, nodes?: ValueNode): string => {
    const parsed = typeof value === 'string' ? parse(value) : null;
    if (parsed === null) throw new GraphQLError(rule, { nodes });
    return parsed;
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    specifiedByURL,
    serialize: (value) => read(value),
    parseValue: (value) => read(value),
    parseLiteral: (node) => read(textOf(node), node),
  });
}

function textOf(node: ValueNode): string | undefined {
  return node.kind === Kind.STRING ? node.value : undefined;
}

export const PhoneNumber = createTextScalar({
  name: 'PhoneNumber',
  description: 'A telephone number in E.164 form, such as `+919876543210`.',
  specifiedByURL: 'https://www.itu.int/rec/T-REC-E.164',
  rule: 'It must be a phone number in E.164 form: a plus sign, the country code and the number, 8 to 15 digits.',
  parse: (text) => (/^\+[1-9]\d{7,14}$/.test(text) ? text : null),
});

export const EmailAddress = createTextScalar({
  name: 'EmailAddress',
  description: 'An e-mail address. It is kept in lower case.',
  specifiedByURL: 'https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address',
  rule: 'It must be an e-mail address.',
  parse: parseEmailAddress,
});

export const Decimal = createTextScalar({
  name: 'Decimal',
  description: 'An exact decimal number as text, such as `499.00`.',
  rule: 'It must be a decimal number written as text, with a point and without an exponent.',
  parse: (text) => (/^-?\d{1,13}(\.\d{1,6})?$/.test(text) ? text : null),
});

export const URLScalar = createTextScalar({
  name: 'URL',
  description: 'An absolute http or https URL.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  rule: 'It must be an absolute http or https URL.',
  parse: (text) => (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null),
});

/** A point in time. Also read from text, because representations of other subgraphs arrive raw. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A point in time in UTC, as RFC 3339 text such as `2026-01-31T09:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => toDate(value).toISOString(),
  parseValue: (value) => toDate(value),
  parseLiteral: (node) => toDate(textOf(node), node),
});

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function toDate(value: unknown, nodes?: ValueNode): Date {
  const date =
    value instanceof Date
      ? value
      : new Date(typeof value === 'string' && rfc3339.test(value) ? value : Number.NaN);
  if (Number.isNaN(date.getTime()))
    throw new GraphQLError('It must be a date and time in RFC 3339 form.', { nodes });
  return date;
}

/**
 * The one spelling in which an address is kept and compared, or null when the text is none. All of it is in lower case: no
 * provider of mail tells people apart by the case of their names, and who could would hold many accounts by one mailbox.
 */
export function parseEmailAddress(text: string): string | null {
  const isAddress =
    text.length <= 254 &&
    /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)+$/i.test(
      text,
    );
  return isAddress ? text.toLowerCase() : null;
}

/** Which scalar stands for which class in type-graphql's field types. */
export const scalarsMap: NonNullable<BuildSchemaOptions['scalarsMap']> = [{ type: Date, scalar: DateTime }];
