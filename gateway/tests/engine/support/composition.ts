import { composeServices } from '@apollo/composition';
import { type DocumentNode, parse } from 'graphql';
import type { Fixture } from '../fixtures/fixture.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key" "@requires" "@provides" "@external" "@shareable" "@override" "@interfaceObject" "@inaccessible"
  "@authenticated" "@requiresScopes" "@policy"
])`;

export interface ComposedFixture {
  readonly name: string;
  readonly supergraphSdl: string;
  readonly typeDefs: ReadonlyMap<string, DocumentNode>;
}

/** Composes the fixture as Rover would. Throws with the composition errors when it does not compose. */
export function composeFixture({ name, subgraphs }: Fixture): ComposedFixture {
  const typeDefs = new Map(
    Object.entries(subgraphs).map(([key, sdl]) => [
      key,
      parse(sdl.includes('@link(') ? sdl : `${LINK}\n${sdl}`),
    ]),
  );
  const services = [...typeDefs].map(([key, document]) => ({
    name: key,
    url: `http://${key}.invalid/graphql`,
    typeDefs: document,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return { name, supergraphSdl, typeDefs };
}
