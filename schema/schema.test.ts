import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findUndeclaredAccess, findUndescribed } from '@suvidha/subgraph';
import {
  buildSchema,
  type GraphQLObjectType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildSchemas, buildSubgraphs } from './compose.ts';

type Subgraphs = Awaited<ReturnType<typeof buildSubgraphs>>;

let subgraphs: Subgraphs;
let schemas: Record<string, string>;

beforeAll(async () => {
  subgraphs = await buildSubgraphs();
  schemas = await buildSchemas();
});

/** Object types that a subgraph resolves by `@key`, with the fields it defines. */
function entitiesOf(sdl: string): Map<string, string[]> {
  const entities = parse(sdl).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    const isEntity = definition.directives?.some(({ name }) => name.value === 'key');
    return isEntity
      ? [[definition.name.value, (definition.fields ?? []).map(({ name }) => name.value)] as const]
      : [];
  });
  return new Map(entities);
}

function nonNullFields(schema: GraphQLSchema, typeName: string, names: readonly string[]): string[] {
  const fields = (schema.getType(typeName) as GraphQLObjectType).getFields();
  return names
    .filter((name) => fields[name] && isNonNullType(fields[name].type))
    .map((name) => `${typeName}.${name}`);
}

describe('the graph', () => {
  it('is what stands in the schema files', async () => {
    for (const [name, text] of Object.entries(schemas))
      expect(await readFile(path.join(import.meta.dirname, `${name}.graphql`), 'utf8'), name).toBe(text);
  });

  it('declares for each root and entity field who may read it', () => {
    for (const [name, { source }] of Object.entries(subgraphs))
      expect(findUndeclaredAccess(source), name).toEqual([]);
  });

  it('describes every type, field, argument and enum value', () => {
    for (const [name, { source }] of Object.entries(subgraphs))
      expect(findUndescribed(source), name).toEqual([]);
  });

  it('has only nullable root fields, so that one dead subgraph never takes the page down', () => {
    const api = buildSchema(schemas.api!);
    for (const type of ['Query', 'Mutation'])
      expect(
        nonNullFields(api, type, Object.keys((api.getType(type) as GraphQLObjectType).getFields())),
      ).toEqual([]);
  });

  it('has only nullable fields where a subgraph adds to an entity of another', () => {
    const api = buildSchema(schemas.api!);
    const owners: Record<string, string> = {
      User: 'identity',
      KycVerification: 'kyc',
      Connection: 'billing',
      Bill: 'billing',
      Product: 'commerce',
      Cart: 'commerce',
      Payment: 'payments',
      Refund: 'payments',
      Order: 'commerce',
      ServicePurchase: 'billing',
      AdminDashboard: 'identity',
    };
    for (const [name, { sdl }] of Object.entries(subgraphs))
      for (const [type, fields] of entitiesOf(sdl)) {
        expect(Object.keys(owners), `${type} has an owner`).toContain(type);
        if (owners[type] !== name)
          expect(
            nonNullFields(
              api,
              type,
              fields.filter((field) => !['id', 'from', 'to'].includes(field)),
            ),
          ).toEqual([]);
      }
  });

  it('has only nullable fields where a type leads into an entity that another subgraph completes', () => {
    const api = buildSchema(schemas.api!);
    expect(nonNullFields(api, 'PaymentStatusEvent', ['payment'])).toEqual([]);
    expect(nonNullFields(api, 'Payment', ['payable'])).toEqual([]);
    expect(isObjectType(api.getType('Payment'))).toBe(true);
  });
});
