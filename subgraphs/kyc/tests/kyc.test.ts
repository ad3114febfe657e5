import { anonymous, Role } from '@suvidha/auth';
import { loadConfig } from '@suvidha/config';
import { demoPeople } from '@suvidha/demo';
import { findUndeclaredAccess, findUndescribed, type SubgraphApp } from '@suvidha/subgraph';
import {
  createTestEnvironment,
  recordQueries,
  testActor,
  testDependencies,
  testIdentity,
} from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoVerification } from '../src/demo.ts';
import { createKycApp, kycVariables } from '../src/index.ts';

let app: SubgraphApp;

beforeAll(async () => {
  const config = loadConfig(kycVariables, await createTestEnvironment('kyc'));
  app = await createKycApp(testDependencies(config));
});

afterAll(() => app.stop());

const customer = testActor({ userId: demoPeople.customer.id });
const stranger = testActor();
const reviewer = testActor({ roles: [Role.OPERATOR] });
const service = { kind: 'service', service: 'payments' } as const;

const verification = 'query ($id: ID!) { kycVerification(id: $id) { id status createdAt verifiedAt } }';
const entities = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on User { id kyc { id status } }
    ... on KycVerification { status }
  }
}`;

const userRepresentation = { __typename: 'User', id: demoPeople.customer.id };
const verificationRepresentation = { __typename: 'KycVerification', id: demoVerification.id };

const find = (actor: Parameters<typeof testIdentity>[0], id: string = demoVerification.id) =>
  app.execute({ query: verification, variables: { id } }, testIdentity(actor));

const resolve = (actor: Parameters<typeof testIdentity>[0], representations: readonly object[]) =>
  app.execute({ query: entities, variables: { representations } }, testIdentity(actor));

describe('kycVerification', () => {
  it('is what the person themself finds', async () => {
    expect(await find(customer)).toEqual({
      data: {
        kycVerification: {
          id: demoVerification.id,
          status: 'VERIFIED',
          createdAt: '2026-01-05T04:45:00.000Z',
          verifiedAt: '2026-01-06T09:12:00.000Z',
        },
      },
    });
  });

  it('is what staff who review find', async () => {
    expect(await find(reviewer)).toMatchObject({ data: { kycVerification: { status: 'VERIFIED' } } });
  });

  it('is null for anybody else, as if there were none', async () => {
    expect(await find(stranger)).toEqual({ data: { kycVerification: null } });
  });

  it('asks the anonymous to log in', async () => {
    const { data, errors } = await find(anonymous);
    expect(data).toEqual({ kycVerification: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it.each([
    ['unknown', '019a0000-0000-7000-8000-00000000ffff'],
    ['malformed', 'not-a-uuid'],
    ['empty', ''],
    ['another spelling', `{${demoVerification.id}}`],
  ])('is null for an id that is %s', async (_kind, id) => {
    expect(await find(reviewer, id)).toEqual({ data: { kycVerification: null } });
  });
});

describe('User.kyc', () => {
  it.each([
    ['the person themself', customer, { id: demoVerification.id, status: 'VERIFIED' }],
    ['staff who review', reviewer, { id: demoVerification.id, status: 'VERIFIED' }],
    ['another service', service, { id: demoVerification.id, status: 'VERIFIED' }],
    ['another person', stranger, null],
    ['the anonymous', anonymous, null],
  ])('as %s sees it', async (_who, actor, kyc) => {
    expect(await resolve(actor, [userRepresentation])).toEqual({
      data: { _entities: [{ id: demoPeople.customer.id, kyc }] },
    });
  });

  it('is null for who has begun none and for ids that are none', async () => {
    const ids = [demoPeople.operator.id, 'not-a-uuid'];
    const representations = ids.map((id) => ({ __typename: 'User', id }));
    expect(await resolve(reviewer, representations)).toEqual({
      data: { _entities: ids.map((id) => ({ id, kyc: null })) },
    });
  });

  it('takes one query for 50 people', async () => {
    const others = Array.from({ length: 49 }, () => ({ __typename: 'User', id: testActor().userId }));
    using recorded = recordQueries();
    const { data } = await resolve(reviewer, [...others, userRepresentation]);
    expect(data?._entities).toContainEqual({
      id: demoPeople.customer.id,
      kyc: { id: demoVerification.id, status: 'VERIFIED' },
    });
    expect(recorded.statements).toHaveLength(1);
  });
});

describe('reference to a verification', () => {
  it.each([
    ['the person themself', customer, { status: 'VERIFIED' }],
    ['another person', stranger, null],
    ['the anonymous', anonymous, null],
  ])('as %s sees it', async (_who, actor, entity) => {
    expect(await resolve(actor, [verificationRepresentation])).toEqual({ data: { _entities: [entity] } });
  });

  it('takes one query for 50 references, bad ones among them', async () => {
    const others = Array.from({ length: 48 }, () => ({
      __typename: 'KycVerification',
      id: testActor().userId,
    }));
    const malformed = { __typename: 'KycVerification', id: 'not-a-uuid' };
    using recorded = recordQueries();
    const { data } = await resolve(reviewer, [...others, malformed, verificationRepresentation]);
    expect(data?._entities).toEqual([...Array(49).fill(null), { status: 'VERIFIED' }]);
    expect(recorded.statements).toHaveLength(1);
  });
});

describe('schema', () => {
  it('contributes to User', () => {
    expect(app.subgraph.sdl).toMatch(/type User @key\(fields: "id"\) \{[^}]*\bkyc: KycVerification\n/);
  });

  it('says of everything who may read it and what it means', () => {
    expect(findUndeclaredAccess(app.subgraph.source)).toEqual([]);
    expect(findUndescribed(app.subgraph.source)).toEqual([]);
  });
});

it('keeps the demo data as it is when it starts again', async () => {
  const config = loadConfig(kycVariables, await createTestEnvironment('kyc'));
  const first = await createKycApp(testDependencies(config));
  const second = await createKycApp(testDependencies(config));
  const call = { query: verification, variables: { id: demoVerification.id } };
  expect(await second.execute(call, testIdentity(customer))).toEqual(await find(customer));
  await Promise.all([first.stop(), second.stop()]);
});
