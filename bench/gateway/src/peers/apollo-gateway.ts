/** The stock gateway as the public benchmark runs it. Usage: apollo-gateway.ts PORT SUPERGRAPH */
import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const [port = '', supergraphFile = ''] = process.argv.slice(2);

interface Caller {
  readonly authorization?: string | undefined;
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(supergraphFile, 'utf8'),
  buildService: ({ url }) =>
    new RemoteGraphQLDataSource<Caller>({
      url: url ?? '',
      willSendRequest({ request, context }) {
        request.http?.headers.set('authorization', context.authorization ?? '');
      },
    }),
});
const server = new ApolloServer<Caller>({ gateway });
await startStandaloneServer(server, {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
});
