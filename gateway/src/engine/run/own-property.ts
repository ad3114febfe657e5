import type { JsonObject } from '../engine.types.ts';

/**
 * Response names are chosen by clients and may be `constructor` or `__proto__`. These two functions are the only way
 * the engine reads and writes such names, so that nothing is ever taken from or put on a prototype.
 */
export type ReadProperty = (object: JsonObject) => unknown;

/** A reader of one response name, decided once: plain access where no prototype has the name. */
export function createReader(name: string): ReadProperty {
  return name in Object.prototype
    ? (object) => (Object.hasOwn(object, name) ? object[name] : undefined)
    : (object) => object[name];
}

export function readOwn(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function writeOwn(object: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
  } else {
    object[name] = value;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
