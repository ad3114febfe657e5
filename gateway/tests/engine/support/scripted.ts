import { parse } from 'graphql';
import {
  type Access,
  createEngine,
  createInProcessClient,
  type Engine,
  type EngineRequest,
  type EngineResult,
  type SubgraphRequest,
  type SubgraphResponse,
} from '../../../src/engine/index.ts';
import { composeFixture } from './composition.ts';
import { createStockGateway, type StockResult } from './stock.ts';

/** A question that reached a subgraph. */
export interface Question {
  readonly subgraph: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** What a subgraph says, decided by the test; throwing means that it cannot be reached. */
export type Answer = (question: Question) => SubgraphResponse | Promise<SubgraphResponse>;

export interface Scripted {
  readonly engine: Engine;
  /** What the subgraphs were asked, in order. */
  readonly questions: Question[];
  request(source: string, more?: Partial<EngineRequest>): EngineRequest;
  ours(source: string, more?: Partial<EngineRequest>): Promise<EngineResult>;
  stock(source: string): Promise<StockResult>;
}

/** Our engine and the stock executor over subgraphs that answer by the script. */
export function createScripted(subgraphs: Readonly<Record<string, string>>, answer: Answer): Scripted {
  const { supergraphSdl } = composeFixture({ name: 'scripted', subgraphs });
  const questions: Question[] = [];
  const ask = async (
    subgraph: string,
    { query, variables }: Pick<SubgraphRequest, 'query' | 'variables'>,
  ) => {
    const question = { subgraph, query, variables };
    questions.push(question);
    return structuredClone(await answer(question));
  };
  const engine = createEngine({
    supergraphSdl,
    client: ({ name }) => createInProcessClient((request) => ask(name, request)),
  });
  const stock = createStockGateway(supergraphSdl, Object.keys(subgraphs), (name) => ({
    process: async ({ request }) =>
      (await ask(name, { query: request.query ?? '', variables: request.variables ?? {} })) as never,
  }));
  const request = (source: string, more: Partial<EngineRequest> = {}): EngineRequest => ({
    document: parse(source),
    source,
    variables: {},
    context: { identityKey: 'someone' },
    ...more,
  });
  return {
    engine,
    questions,
    request,
    async ours(source, more) {
      const result = await engine.execute(request(source, more));
      return JSON.parse(JSON.stringify(result));
    },
    stock: (source) => {
      const document = parse(source);
      const calm = { seed: 0, errors: 0, nulls: 0, dead: new Set<string>() };
      return stock.run(document, stock.plan(document), {}, calm);
    },
  };
}

/** A logged-in caller with these scopes. */
export function accessWith(...scopes: string[]): Access {
  return { isAuthenticated: true, scopes: new Set(scopes), policies: new Set() };
}
