import { type Actor, type CallIdentity, identityHeader, signIdentity } from '@suvidha/auth';
import { createLog } from '@suvidha/log';
import { listen, type SubgraphServer } from '@suvidha/subgraph';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { actorOf, documents, Steps } from './support/steps.ts';

const internalSecret = 'a secret that only tests know and use';

let fixture: IdentityFixture;
let steps: Steps;
let server: SubgraphServer;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
  const log = createLog({ service: 'test', level: 'silent' });
  server = await listen(fixture.app, { port: 0, internalSecret, log });
});

afterAll(async () => {
  await server.close();
  await fixture[Symbol.asyncDispose]();
});

const gateway: Actor = { kind: 'service', service: 'gateway' };

async function read(input: object = {}, actor: Actor = gateway): Promise<Json> {
  const body = JSON.stringify(input);
  const identity: CallIdentity = { issuer: 'gateway', actor, requestId: 'test' };
  const signed = signIdentity(internalSecret, identity, { audience: 'identity', operation: body });
  const response = await fetch(`${server.url}/internal/revocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [identityHeader]: signed },
    body,
  });
  return { status: response.status, ...((await response.json()) as object) };
}

it('tells who asks of the session that was just ended, at once, and whoever asks later', async () => {
  const joined = await steps.join();
  const { sid } = decodeJwt(joined.accessToken);
  const { cursor } = await read();
  const news = read({ since: cursor });
  await steps.logout(actorOf(joined));
  const found = expect.arrayContaining([expect.objectContaining({ kind: 'session', id: sid })]);
  expect((await news).revocations).toEqual(found);
  expect((await read()).revocations).toEqual(found);
});

it('names a person whose tokens were all voided, with a moment between the old token and the next', async () => {
  const joined = await steps.join();
  await fixture.execute(documents.logoutEverywhere, {}, actorOf(joined));
  const { revocations } = await read();
  const { notBefore } = revocations.find(({ id }: Json) => id === joined.user.id);
  expect(Date.parse(notBefore) / 1000).toBeGreaterThanOrEqual(decodeJwt(joined.accessToken).iat!);
  expect(revocations).toContainEqual(expect.objectContaining({ id: decodeJwt(joined.accessToken).sid }));
});

it('answers our own processes only', async () => {
  expect((await read({}, { kind: 'anonymous' })).status).toBe(401);
  const unsigned = await fetch(`${server.url}/internal/revocations`, { method: 'POST', body: '{}' });
  expect([401, 415]).toContain(unsigned.status);
});
