import type { GraphQLFormattedError } from 'graphql';
import type { JsonObject } from '../engine.types.ts';
import { isJsonObject, writeOwn } from '../run/own-property.ts';
import type { Introspector } from './introspection.ts';
import type { DeferredShape, FieldShape, ListShape, ObjectShape, ValueShape } from './shape.types.ts';

export type ResponsePath = (string | number)[];

/** An object of the response that has a deferred fragment. */
export interface DeferredObject {
  readonly deferred: DeferredShape;
  /** Where a client finds the object. */
  readonly path: readonly (string | number)[];
  /** The subgraphs' data of the object, which goes on to grow. */
  readonly source: JsonObject;
}

/** A completed response, or a part of it. */
export interface CompletionResult {
  readonly data: JsonObject | null;
  /** What was found wrong, in the order of the response. */
  readonly errors: readonly GraphQLFormattedError[];
  /** Objects of `data` of which more is to come. */
  readonly deferred: readonly DeferredObject[];
}

/** What completing looks at beside shape and data. */
export interface CompletionScope {
  /** Faults of subgraphs that a client is told about with the data. */
  readonly reported: readonly GraphQLFormattedError[];
  readonly introspector: Introspector;
  /** Where the object stands in the response. Default: at its root. */
  readonly path?: readonly (string | number)[];
}

/** Null where a non-null value belongs: the parent becomes null in turn (GraphQL §6.4.4), and its other fields no longer matter. */
const INVALID = Symbol('invalid');

/**
 * Completes merged subgraph data into the response, exactly and with paths: the slow way, taken when a caller wants
 * values or when something in the data breaks the schema.
 *
 * A null in a non-null place is an error of its own unless a fault of a subgraph already explains it: a field reports once.
 */
export function completeResponse(
  shape: ObjectShape,
  data: JsonObject,
  scope: CompletionScope,
): CompletionResult {
  const completion = new Completion(scope);
  const completed = completion.completeObject(shape, data);
  const { errors, deferred } = completion;
  return { data: completed === INVALID ? null : completed, errors, deferred };
}

class Completion {
  readonly errors: GraphQLFormattedError[] = [];
  readonly deferred: DeferredObject[] = [];
  readonly #path: ResponsePath;
  readonly #reported: readonly GraphQLFormattedError[];
  readonly #introspector: Introspector;

  constructor({ reported, introspector, path = [] }: CompletionScope) {
    this.#path = [...path];
    this.#reported = reported;
    this.#introspector = introspector;
  }

  completeObject(shape: ObjectShape, source: JsonObject): JsonObject | null | typeof INVALID {
    const selected = shape.fieldsOf(source);
    if (!selected) {
      this.#report('INVALID_TYPENAME', 'The subgraph named a type that the schema does not have here');
      return shape.nonNull ? INVALID : null;
    }
    const target: JsonObject = {};
    const deferredBefore = this.deferred.length;
    for (const field of selected.fields) {
      this.#path.push(field.responseName);
      const value = this.#completeField(field, source, selected.typeName);
      this.#path.pop();
      if (value === INVALID) {
        // What has become null has no parts to come.
        this.deferred.length = deferredBefore;
        return shape.nonNull ? INVALID : null;
      }
      writeOwn(target, field.responseName, value);
    }
    for (const deferred of selected.deferred) this.deferred.push({ deferred, path: [...this.#path], source });
    return target;
  }

  #completeField(field: FieldShape, source: JsonObject, typeName: string): unknown {
    switch (field.kind) {
      case 'value':
        return this.#completeValue(field.value, field.read(source), `${typeName}.${field.fieldName}`);
      case 'typename':
        if (field.typeName !== undefined) return field.typeName;
        this.#report('UNKNOWN_TYPE', 'No subgraph said which type the object has');
        return INVALID;
      case 'introspection':
        return this.#introspector.answer(field);
      case 'denied':
        this.#deny(field.code);
        return field.nonNull ? INVALID : null;
    }
  }

  #completeValue(shape: ValueShape, value: unknown, place: string): unknown {
    if (value === null || value === undefined) return this.#completeNull(shape, place);
    switch (shape.kind) {
      case 'leaf': {
        const completed = shape.leaf.complete(value);
        return completed === undefined ? this.#reject(shape, place) : completed;
      }
      case 'list':
        return Array.isArray(value) ? this.#completeList(shape, value, place) : this.#reject(shape, place);
      case 'object':
        return isJsonObject(value) ? this.completeObject(shape, value) : this.#reject(shape, place);
    }
  }

  #completeList(shape: ListShape, values: readonly unknown[], place: string): unknown {
    let invalid = false;
    const deferredBefore = this.deferred.length;
    const completed = values.map((value, index) => {
      this.#path.push(index);
      const element = this.#completeValue(shape.element, value, place);
      this.#path.pop();
      if (element === INVALID) invalid = true;
      return element;
    });
    if (!invalid) return completed;
    this.deferred.length = deferredBefore;
    return shape.nonNull ? INVALID : null;
  }

  #completeNull(shape: ValueShape, place: string): unknown {
    if (!shape.nonNull) return null;
    if (!this.#isExplained())
      this.#report('NULL_FOR_NON_NULL', `Cannot return null for non-nullable ${place}`);
    return INVALID;
  }

  #reject(shape: ValueShape, place: string): unknown {
    this.#report('INVALID_VALUE', `The subgraph sent a value that ${place} cannot hold`);
    return shape.nonNull ? INVALID : null;
  }

  #report(reason: string, message: string): void {
    this.errors.push({
      message,
      path: [...this.#path],
      extensions: { code: 'INTERNAL_SERVER_ERROR', reason },
    });
  }

  #deny(code: string): void {
    const message = code === 'FORBIDDEN' ? 'Not allowed to see this field' : 'Sign in to see this field';
    this.errors.push({ message, path: [...this.#path], extensions: { code } });
  }

  /** Whether an error already reported lies on the way to this place or below it. */
  #isExplained(): boolean {
    return this.#reported.some(({ path }) => {
      if (!path) return false;
      const shorter = Math.min(path.length, this.#path.length);
      for (let index = 0; index < shorter; index++) {
        if (path[index] !== this.#path[index]) return false;
      }
      return true;
    });
  }
}
