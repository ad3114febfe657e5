/** One subgraph with two subscriptions: one for everybody, and one for each entity. */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

export const typeDefs = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])
  type Query { open: Int! }
  type Tick { n: Int! at: Float! status: String! amount: String! currency: String! reference: String! }
  type Subscription {
    ticked: Tick! @tag(name: "shareable")
    changed(id: ID!): Tick!
  }`;

export const documents = {
  'fan-out': 'subscription { ticked { n at status amount currency reference } }',
  'per user': 'subscription ($id: ID!) { changed(id: $id) { n at status amount currency reference } }',
} as const;

export type Scenario = keyof typeof documents;

export function composeSupergraph(url: string): string {
  const { supergraphSdl, errors } = composeServices([{ name: 'ticker', url, typeDefs: parse(typeDefs) }]);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** What happened, as both subscriptions show it; `at` is when, in milliseconds since the epoch. */
export function createTick(n: number) {
  return {
    n,
    at: performance.timeOrigin + performance.now(),
    status: 'CAPTURED',
    amount: '1499.00',
    currency: 'INR',
    reference: '01a1fc53-879d-77d3-99fa-6d7d135a801a',
  };
}
