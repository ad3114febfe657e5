import { ApolloServer, HeaderMap } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type Engine, readDirectRequest, toDirectResponse } from '../../src/engine/index.ts';
import { createScripted } from './support/scripted.ts';

const subgraphs = {
  one: `type Query { a: Int text: String fail: Int must: Int! items: [Item!] echo(n: Int!): Int }
    type Mutation { add: Int } type Subscription { tick: Int } type Item { name: String }`,
};

const { engine } = createScripted(subgraphs, ({ variables }) => ({
  data: {
    a: 1,
    text: 'é "q" \u2028 \n',
    fail: null,
    must: null,
    items: [{ name: '' }],
    echo: variables.v,
    add: 2,
  },
  errors: [{ message: 'no luck', path: ['fail'], extensions: { code: 'UNLUCKY', detail: [1] } }],
}));
const apollo = new ApolloServer({
  gateway: toGateway(engine),
  plugins: [ApolloServerPluginLandingPageDisabled()],
});
await apollo.start();

/** The engine in the place of Apollo Server's executor. */
function toGateway({
  schema,
  execute,
}: Engine): NonNullable<ConstructorParameters<typeof ApolloServer>[0]['gateway']> {
  return {
    load: async () => ({
      schema,
      executor: async ({ request, document }) => {
        const result = await execute.call(engine, {
          document,
          source: request.query ?? '',
          operationName: request.operationName,
          variables: request.variables ?? {},
          context: { identityKey: 'x' },
        });
        const errors = result.errors?.map(({ message, ...rest }) => new GraphQLError(message, rest));
        return { ...(result.data !== undefined && { data: result.data }), ...(errors && { errors }) };
      },
    }),
    onSchemaLoadOrUpdate: (listener) => {
      listener({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    stop: async () => undefined,
  };
}

async function viaApollo(body: unknown, accept: string | undefined, contentType: string) {
  const headers = new HeaderMap([['content-type', contentType]]);
  if (accept !== undefined) headers.set('accept', accept);
  const response = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body },
    context: async () => ({}),
  });
  return {
    status: response.status ?? 200,
    headers: Object.fromEntries([...response.headers].filter(([name]) => name !== 'content-length')),
    text: response.body.kind === 'complete' ? response.body.string : undefined,
  };
}

/** Undefined where the request is left to Apollo Server. */
async function directly(body: unknown, accept: string | undefined, contentType: string) {
  const request = readDirectRequest({ method: 'POST', contentType, accept, body });
  if (!request) return undefined;
  const document = parse(request.query);
  if (validate(engine.schema, document).length > 0) return undefined;
  const { query: source, operationName, variables } = request;
  const context = { identityKey: 'x' };
  const json = await engine.executeToJson({ document, source, operationName, variables, context });
  return json === undefined ? undefined : { status: 200, ...toDirectResponse(request, json) };
}

describe("a direct answer is Apollo Server's answer", () => {
  const bodies: [string, unknown][] = [
    ['a query', { query: '{ a text }' }],
    ['a query with an error', { query: '{ a fail }' }],
    ['a query whose data is null', { query: '{ a must }' }],
    ['a named operation', { query: 'query A { a } query B { b: a }', operationName: 'B' }],
    [
      'nulls for what is not given',
      { query: '{ a }', operationName: null, variables: null, extensions: null },
    ],
    ['variables', { query: 'query ($v: Int!) { echo(n: $v) }', variables: { v: 4 } }],
    ['a mutation', { query: 'mutation { add }' }],
    ['introspection', { query: '{ __schema { queryType { name fields { name } } } __typename }' }],
    ['lists and empty text', { query: '{ items { name __typename } none: items @skip(if: true) { name } }' }],
    ['unknown members', { query: '{ a }', id: 'x' }],
    ['extensions without a meaning', { query: '{ a }', extensions: { clientLibrary: { name: 'x' } } }],
  ];
  const accepts = [
    undefined,
    '*/*',
    'application/json',
    'application/json, text/plain, */*',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json;q=0.9',
    'application/graphql-response+json,application/json;q=0.9',
  ];

  test.each(bodies)('for %s', async (_name, body) => {
    for (const accept of accepts) {
      const answer = await directly(body, accept, 'application/json');
      expect(answer).toEqual(await viaApollo(body, accept, 'application/json'));
    }
  });

  test.each<[string, unknown, string?, string?]>([
    ['variables that do not fit', { query: 'query ($v: Int!) { echo(n: $v) }', variables: { v: 'x' } }],
    ['an unknown operation name', { query: '{ a }', operationName: 'Nope' }],
    ['a document that does not validate', { query: '{ nope }' }],
    ['a subscription', { query: 'subscription { tick }' }],
    ['a batch', [{ query: '{ a }' }]],
    [
      'a persisted query',
      { query: '{ a }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
    ],
    ['variables as text', { query: '{ a }', variables: '{}' }],
    ['variables as a list', { query: '{ a }', variables: [] }],
    ['an operation name that is none', { query: '{ a }', operationName: 7 }],
    ['no query', { variables: {} }],
    ['an unusual accept header', { query: '{ a }' }, 'text/html'],
    ['an unusual content type', { query: '{ a }' }, '*/*', 'text/plain'],
  ])('%s is left to Apollo Server', async (_name, body, accept, contentType = 'application/json') => {
    expect(await directly(body, accept, contentType)).toBeUndefined();
  });
});
