import type { JsonObject } from '../engine.types.ts';
import { readOwn, writeOwn } from './own-property.ts';

/**
 * Adds what a fetch brought to an object already in the response. Lists are merged element by element, null never
 * replaces a value that another fetch delivered, and composites that are new to the target are taken over by reference.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const name of Object.keys(source)) {
    const incoming = source[name];
    if (typeof incoming !== 'object') {
      if (incoming !== undefined) writeOwn(target, name, incoming);
      continue;
    }
    const current = readOwn(target, name);
    if (!isComposite(current)) writeOwn(target, name, incoming);
    else if (incoming !== null && current !== incoming) mergeComposite(target, name, current, incoming);
  }
}

function mergeComposite(target: JsonObject, name: string, current: object, incoming: object): void {
  if (Array.isArray(current) && Array.isArray(incoming) && current.length === incoming.length) {
    mergeList(current, incoming);
  } else if (!Array.isArray(current) && !Array.isArray(incoming)) {
    mergeInto(current as JsonObject, incoming as JsonObject);
  } else {
    writeOwn(target, name, incoming);
  }
}

function mergeList(current: unknown[], incoming: readonly unknown[]): void {
  for (let index = 0; index < incoming.length; index++) {
    const before = current[index];
    const after = incoming[index];
    if (!isComposite(before) || !isComposite(after)) {
      if (after !== null) current[index] = after;
    } else if (Array.isArray(before) && Array.isArray(after)) {
      mergeList(before, after);
    } else {
      mergeInto(before as JsonObject, after as JsonObject);
    }
  }
}

/** A copy that shares nothing with the original. */
export function cloneJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) writeOwn(copy, name, cloneJson((value as JsonObject)[name]));
  return copy as T;
}

function isComposite(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
