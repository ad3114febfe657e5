import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGraph } from './support/test-graph.ts';

/** Where we depart from the advice of the draft, and why. */
const departures: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'MAY accept application/x-www-form-urlencoded formatted GET requests',
      'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
      'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
    ].map((name) => [name, 'a GET that any page could send is refused: it would be forged across sites']),
  ),
  ...Object.fromEntries(
    [
      'SHOULD use 200 status code on document parsing failure when accepting application/json',
      'SHOULD use 200 status code on document validation failure when accepting application/json',
      'SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
    ].map((name) => [name, 'Apollo Server answers 400 here, and its clients know that']),
  ),
};

let graph: Awaited<ReturnType<typeof startTestGraph>>;
beforeAll(async () => {
  graph = await startTestGraph();
});
afterAll(() => graph[Symbol.asyncDispose]());

/** The audit of the GraphQL-over-HTTP working group: https://github.com/graphql/graphql-http#audits */
describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => `${graph.gateway.url}/graphql` });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (name, audit) => {
    const { status } = await audit.fn();
    expect(status === 'ok').toBe(!(name in departures));
  });

  it('departs only where it says so', () => {
    const names = audits.map(({ name }): string => name);
    expect(Object.keys(departures).filter((name) => !names.includes(name))).toEqual([]);
    expect(audits.length - Object.keys(departures).length).toBe(54);
  });
});
