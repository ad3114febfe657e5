import { loadConfig } from '@suvidha/config';
import { findUndeclaredAccess, findUndescribed, type SubgraphApp } from '@suvidha/subgraph';
import { createTestEnvironment, testDependencies } from '@suvidha/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commerceVariables, createCommerceApp } from '../src/index.ts';

let app: SubgraphApp;

beforeAll(async () => {
  const config = loadConfig(commerceVariables, await createTestEnvironment('commerce'));
  app = await createCommerceApp(testDependencies(config));
});

afterAll(() => app.stop());

it('contributes to User', () => {
  expect(app.subgraph.sdl).toMatch(/type User @key\(fields: "id"\) \{[^}]*\bcart: Cart\n/);
});

it('lets products be referred to by either key', () => {
  expect(app.subgraph.sdl).toContain('type Product @key(fields: "id") @key(fields: "slug")');
});

it('says of everything who may read it and what it means', () => {
  expect(findUndeclaredAccess(app.subgraph.source)).toEqual([]);
  expect(findUndescribed(app.subgraph.source)).toEqual([]);
});
