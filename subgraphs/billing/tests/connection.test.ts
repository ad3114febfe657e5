import { Role } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { findUndeclaredAccess, findUndescribed } from '@suvidha/subgraph';
import { recordQueries, testActor } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCustomer } from './support/billed-customer.ts';
import { type BillingFixture, startBilling } from './support/billing.fixture.ts';

let fixture: BillingFixture;

beforeAll(async () => {
  fixture = await startBilling();
});

afterAll(() => fixture[Symbol.asyncDispose]());

const all = '{ connections { id utility consumerNumber supplierName } }';
const one = 'query ($id: ID!) { connection(id: $id) { id } }';

describe('connections', () => {
  it('are those of whoever asks', async () => {
    const customer = await createCustomer(fixture.pool);
    await createCustomer(fixture.pool);
    const second = await customer.addConnection('WATER');
    const { data } = await fixture.execute(all, {}, customer.actor);
    expect(data.connections).toEqual([
      {
        id: customer.connectionId,
        utility: 'ELECTRICITY',
        consumerNumber: `C-${customer.connectionId}`,
        supplierName: 'A supplier',
      },
      expect.objectContaining({ id: second, utility: 'WATER' }),
    ]);
  });

  it('are none for who has none', async () => {
    expect(await fixture.execute(all, {}, testActor())).toEqual({ data: { connections: [] } });
  });
});

describe('a connection', () => {
  it('is found by its customer and by staff', async () => {
    const { actor, connectionId: id } = await createCustomer(fixture.pool);
    for (const who of [actor, testActor({ roles: [Role.OPERATOR] })])
      expect(await fixture.execute(one, { id }, who)).toEqual({ data: { connection: { id } } });
  });

  it('does not exist for anybody else', async () => {
    const { connectionId: id } = await createCustomer(fixture.pool);
    expect(await fixture.execute(one, { id }, testActor())).toEqual({ data: { connection: null } });
  });

  it.each([uuidv7(), 'not-a-uuid', ''])('does not exist under the id %j', async (id) => {
    const staff = testActor({ roles: [Role.OPERATOR] });
    expect(await fixture.execute(one, { id }, staff)).toEqual({ data: { connection: null } });
  });

  it('takes one query for 50 references', async () => {
    const { actor, connectionId } = await createCustomer(fixture.pool);
    const ids = [...Array.from({ length: 49 }, () => uuidv7()), connectionId];
    using recorded = recordQueries();
    const { data } = await fixture.execute(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Connection { id } } }`,
      { representations: ids.map((id) => ({ __typename: 'Connection', id })) },
      actor,
    );
    expect(data._entities).toEqual([...Array(49).fill(null), { id: connectionId }]);
    expect(recorded.statements).toHaveLength(1);
  });
});

describe('schema', () => {
  it('owns what is billed and contributes to User', () => {
    const { sdl } = fixture.app.subgraph;
    expect(sdl).toMatch(/type Bill @key\(fields: "id"\) @key\(fields: "billNumber"\)/);
    expect(sdl).toMatch(/type Connection @key\(fields: "id"\)/);
    const user = /type User @key\(fields: "id"\) \{(.*?)\n\}/s.exec(sdl)?.[1];
    expect(user).toMatch(/\bconnections: \[Connection!\] @authenticated\n/);
    expect(user).toMatch(/\bbills\(/);
    expect(user).toMatch(/\): BillConnection @authenticated/);
  });

  it('says of everything who may read it and what it means', () => {
    expect(findUndeclaredAccess(fixture.app.subgraph.source)).toEqual([]);
    expect(findUndescribed(fixture.app.subgraph.source)).toEqual([]);
  });
});
