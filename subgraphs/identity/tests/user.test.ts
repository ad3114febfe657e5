import { type Actor, anonymous, Role } from '@suvidha/auth';
import { demoPeople } from '@suvidha/demo';
import { findUndeclaredAccess, findUndescribed } from '@suvidha/subgraph';
import { recordQueries, testActor } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, startIdentity } from './support/identity.fixture.ts';

let fixture: IdentityFixture;

beforeAll(async () => {
  fixture = await startIdentity({ isStarted: false });
});

afterAll(() => fixture[Symbol.asyncDispose]());

const person = demoPeople.customer;
const customer = testActor({ userId: person.id });
const stranger = testActor();
const staff = testActor({ roles: [Role.OPERATOR] });
const service: Actor = { kind: 'service', service: 'payments' };

const entities = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id phoneNumber email } }
}`;

const resolve = (actor: Actor, ids: readonly string[]) =>
  fixture.execute(entities, { representations: ids.map((id) => ({ __typename: 'User', id })) }, actor);

const shown = { id: person.id, phoneNumber: person.phoneNumber, email: person.email };

describe('reference to a user', () => {
  it.each([
    ['the person themself', customer, shown],
    ['staff', staff, shown],
    ['another service', service, shown],
    ['another person', stranger, null],
    ['the anonymous', anonymous, null],
  ])('as %s sees it', async (_who, actor, entity) => {
    expect(await resolve(actor, [person.id])).toEqual({ data: { _entities: [entity] } });
  });

  it('takes one query for 50 of them, unknown and malformed ones included', async () => {
    const unknown = Array.from({ length: 48 }, () => testActor().userId);
    using recorded = recordQueries();
    const { data } = await resolve(staff, [...unknown, 'not-a-uuid', person.id]);
    expect(data._entities).toEqual([...Array(49).fill(null), shown]);
    expect(recorded.statements).toHaveLength(1);
  });
});

describe('me', () => {
  const me = '{ me { id username phoneNumber email roles createdAt } }';

  it('is who is logged in', async () => {
    expect(await fixture.execute(me, {}, customer)).toEqual({
      data: { me: { ...person, roles: ['USER'], createdAt: '2026-01-05T04:30:00.000Z' } },
    });
  });

  it.each([
    ['nobody is logged in', anonymous],
    ['the account is gone', stranger],
    ['a service asks', service],
  ])('is null when %s', async (_when, actor) => {
    expect(await fixture.execute(me, {}, actor)).toEqual({ data: { me: null } });
  });
});

describe('schema', () => {
  it('owns User and the ways in', () => {
    const { sdl } = fixture.app.subgraph;
    expect(sdl).toMatch(/type User @key\(fields: "id"\) \{/);
    const { schema } = fixture.app.subgraph;
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toContain('me');
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {})).toEqual(
      expect.arrayContaining(['requestOtp', 'registerWithOtp', 'loginWithOtp', 'refreshSession', 'logout']),
    );
  });

  it('says of everything who may read it and what it means', () => {
    const { source } = fixture.app.subgraph;
    expect(findUndeclaredAccess(source)).toEqual([]);
    expect(findUndescribed(source)).toEqual([]);
  });
});
