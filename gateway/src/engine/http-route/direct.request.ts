import { isJsonObject } from '../run/own-property.ts';

/** What decides whether a request can be answered without Apollo Server. */
export interface IncomingRequest {
  readonly method: string;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** The parsed JSON body. */
  readonly body: unknown;
}

/** A request of the plain kind that nearly all are, with the media type of its answer. */
export interface DirectRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown>;
  readonly contentType: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

/** What Apollo Server chooses for the `accept` headers that clients send in practice; any other is left to it. */
const ANSWER_TYPES: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['application/json', JSON_TYPE],
  ['application/json, text/plain, */*', JSON_TYPE],
  ['application/graphql-response+json', GRAPHQL_TYPE],
  ['application/graphql-response+json, application/json;q=0.9', GRAPHQL_TYPE],
  ['application/graphql-response+json,application/json;q=0.9', GRAPHQL_TYPE],
]);

const BODY_TYPES: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json;charset=UTF-8',
]);

/**
 * Reads a request that may be answered by the engine alone, so that the answer has Apollo Server's bytes without its
 * work. Undefined for everything else (GET, batches, persisted queries, malformed bodies, unusual media types): those go
 * to Apollo Server, which also words the errors.
 */
export function readDirectRequest({
  method,
  contentType,
  accept,
  body,
}: IncomingRequest): DirectRequest | undefined {
  const answerType = ANSWER_TYPES.get(accept);
  if (method !== 'POST' || !answerType || !BODY_TYPES.has(contentType) || !isJsonObject(body))
    return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || query === '' || !isAbsentOr(extensions, isWithoutMeaning))
    return undefined;
  if (operationName === '' || !isAbsentOr(operationName, (value) => typeof value === 'string'))
    return undefined;
  if (!isAbsentOr(variables, isJsonObject)) return undefined;
  return {
    query,
    operationName: (operationName as string | null | undefined) ?? undefined,
    variables: (variables as Record<string, unknown> | null | undefined) ?? {},
    contentType: answerType,
  };
}

/** The headers and text that Apollo Server would send with a response of the engine (`executeToJson`). */
export function toDirectResponse({ contentType }: DirectRequest, json: string) {
  return { headers: { 'content-type': contentType, 'cache-control': 'no-store' }, text: `${json}\n` };
}

/** Of the extensions of a request Apollo Server acts on persisted queries alone. Apollo's clients always name themselves here. */
function isWithoutMeaning(extensions: unknown): boolean {
  return isJsonObject(extensions) && !('persistedQuery' in extensions);
}

function isAbsentOr(value: unknown, isRight: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || isRight(value);
}
