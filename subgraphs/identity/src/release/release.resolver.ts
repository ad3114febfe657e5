import { ClientApp } from '@suvidha/auth';
import { Public, RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { ClientPlatform } from '../generated/prisma/enums.ts';
import type { ReleaseService } from './release.service.ts';
import { ClientReleaseType, SetClientReleaseInput, SetClientReleasePayload } from './release.type.ts';

@Resolver()
export class ReleaseResolver {
  readonly #releases: ReleaseService;

  constructor(releases: ReleaseService) {
    this.#releases = releases;
  }

  @Query(() => ClientReleaseType, {
    nullable: true,
    description: 'Which versions of a client app are served. Null: every version is.',
  })
  @Public()
  clientRelease(
    @Arg('app', () => ClientApp, { description: 'The app.' }) app: ClientApp,
    @Arg('platform', () => ClientPlatform, { description: 'What it runs on.' }) platform: ClientPlatform,
    @Arg('version', () => String, { nullable: true, description: 'Of the client that asks.' })
    version: string | null,
  ): Promise<object | null> {
    return this.#releases.find(app, platform, version ?? null);
  }

  @Query(() => [ClientReleaseType], {
    nullable: true,
    description: 'Which versions of all client apps are served, where that was set.',
  })
  @Public()
  clientReleases(): Promise<object[]> {
    return this.#releases.list();
  }

  @Mutation(() => SetClientReleasePayload, {
    nullable: true,
    description: 'Sets which versions of a client app are served on a platform.',
  })
  @RequireAuth('release:write')
  setClientRelease(
    @Arg('input', () => SetClientReleaseInput, { description: 'The app, and its versions.' })
    input: SetClientReleaseInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return withUserErrors<{ clientRelease: object | null }>({ clientRelease: null }, async () => ({
      clientRelease: await this.#releases.set(caller, input),
    }));
  }
}
