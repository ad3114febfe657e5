import type { JsonObject } from '../engine.types.ts';
import { isJsonObject, readOwn } from './own-property.ts';

/** A path of a plan: response names, and `@` for every element of a list. */
export type PlanPath = readonly string[];

/** One place of the response: an object and the path at which a client finds it. */
export interface Position {
  readonly path: readonly (string | number)[];
  readonly object: JsonObject;
}

/**
 * All objects that a plan path leads to. With `distinct`, an object that several parents share comes once, and is also
 * walked through once.
 */
export function collectObjects(root: JsonObject, path: PlanPath, distinct: boolean): JsonObject[] {
  let level: unknown[] = [root];
  for (const step of path) {
    level = step === '@' ? elementsOf(level) : propertiesOf(level, step);
    if (distinct && level.length > 1) level = [...new Set(level)];
  }
  return level.filter(isJsonObject);
}

/** All places that a plan path leads to, in response order, up to `limit` of them. */
export function collectPositions(root: JsonObject, path: PlanPath, limit: number): Position[] {
  const found: Position[] = [];
  const walk = (value: unknown, depth: number, at: readonly (string | number)[]): void => {
    const step = path[depth];
    if (found.length >= limit || value === null || value === undefined) return;
    if (step === undefined) {
      if (isJsonObject(value)) found.push({ path: at, object: value });
    } else if (step === '@') {
      if (!Array.isArray(value)) return;
      for (const [index, element] of value.entries()) walk(element, depth + 1, [...at, index]);
    } else if (isJsonObject(value)) {
      walk(readOwn(value, step), depth + 1, [...at, step]);
    }
  };
  walk(root, 0, []);
  return found;
}

function elementsOf(level: readonly unknown[]): unknown[] {
  const elements: unknown[] = [];
  for (const list of level) {
    if (!Array.isArray(list)) continue;
    for (const element of list) if (element !== null && element !== undefined) elements.push(element);
  }
  return elements;
}

function propertiesOf(level: readonly unknown[], name: string): unknown[] {
  const values: unknown[] = [];
  for (const object of level) {
    const value = isJsonObject(object) ? readOwn(object, name) : undefined;
    if (value !== null && value !== undefined) values.push(value);
  }
  return values;
}
