import {
  type Access,
  createEngine,
  createInProcessClient,
  type Engine,
  type EngineRequest,
  type SubgraphRequest,
  SubgraphUnavailableError,
} from '../../../src/engine/index.ts';
import type { ComposedFixture } from './composition.ts';
import { createWorld, type Trouble, type World } from './world.ts';

export interface Subject {
  readonly engine: Engine;
  readonly world: World;
  /** A request as the shell would make it, in a world with this trouble. */
  request(parts: Pick<EngineRequest, 'document' | 'source' | 'variables'>, trouble: Trouble): EngineRequest;
}

/** Holds whatever is asked for. */
class EveryName extends Set<string> {
  override has(): boolean {
    return true;
  }
}

/** The stock executor enforces no access, so the comparison needs a caller who may see everything. */
const FULL_ACCESS: Access = { isAuthenticated: true, scopes: new EveryName(), policies: new EveryName() };

/** Called before a subgraph answers: what it waits for decides which answer comes first. */
export type Delay = (request: SubgraphRequest, trouble: Trouble) => Promise<void>;

/** Our engine over a made-up world; the trouble travels as what a client forwards. */
export function createSubject(fixture: ComposedFixture, delay?: Delay): Subject {
  const worlds: World[] = [];
  const engine = createEngine({
    supergraphSdl: fixture.supergraphSdl,
    client: ({ name }) =>
      createInProcessClient(async (request, context) => {
        const trouble = context.forward as Trouble;
        await delay?.(request, trouble);
        if (trouble.dead.has(name)) throw new SubgraphUnavailableError('CONNECTION_FAILED');
        return worlds[0]!.ask(name, request, trouble);
      }),
  });
  const world = createWorld(fixture, engine.schema);
  worlds.push(world);
  return {
    engine,
    world,
    request: (parts, trouble) => ({
      ...parts,
      access: FULL_ACCESS,
      context: { identityKey: 'someone', forward: trouble },
    }),
  };
}
