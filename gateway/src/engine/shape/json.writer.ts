import type { JsonObject } from '../engine.types.ts';
import type { Introspector } from './introspection.ts';
import type { FieldShape, ListShape, ObjectFields, ObjectShape, ValueShape } from './shape.types.ts';

/** What writing needs to know of one run. */
export interface WriteScope {
  /** Composites of the data that occur in more than one place; undefined when there are none. */
  readonly shared: ReadonlySet<unknown> | undefined;
  /** JSON text of shared composites already written, per place in the operation; undefined while there is none. */
  written: Map<unknown, Map<unknown, string>> | undefined;
  readonly introspector: Introspector;
}

/** Writes a value as JSON text; undefined when anything in it breaks the schema, which `completeResponse` then sorts out. */
export type WriteJson = (value: unknown, scope: WriteScope) => string | undefined;

/** Compiles a shape into closures that write the whole response in one pass without intermediate values. */
export function compileWriter(shape: ValueShape): WriteJson {
  const write = shape.kind === 'leaf' ? shape.leaf.write : once(compileComposite(shape));
  const ifNull = shape.nonNull ? undefined : 'null';
  return (value, scope) => (value === null || value === undefined ? ifNull : write(value, scope));
}

function compileComposite(shape: ListShape | ObjectShape): WriteJson {
  return shape.kind === 'list' ? compileList(shape) : compileObject(shape);
}

/** A composite that several parents share is written the first time and repeated after that. */
function once(write: WriteJson): WriteJson {
  return (value, scope) => {
    if (!scope.shared?.has(value)) return write(value, scope);
    scope.written ??= new Map();
    const texts = scope.written.get(write) ?? new Map<unknown, string>();
    scope.written.set(write, texts);
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = write(value, scope);
    if (text !== undefined) texts.set(value, text);
    return text;
  };
}

function compileList(shape: ListShape): WriteJson {
  const writeElement = compileWriter(shape.element);
  return (value, scope) => {
    if (!Array.isArray(value)) return undefined;
    let text = '[';
    for (let index = 0; index < value.length; index++) {
      const element = writeElement(value[index], scope);
      if (element === undefined) return undefined;
      text += index === 0 ? element : `,${element}`;
    }
    return `${text}]`;
  };
}

type WriteFields = (object: JsonObject, scope: WriteScope) => string | undefined;

function compileObject(shape: ObjectShape): WriteJson {
  const compiled = new Map<ObjectFields, WriteFields>();
  return (value, scope) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const selected = shape.fieldsOf(value as JsonObject);
    if (!selected) return undefined;
    let write = compiled.get(selected);
    if (!write) {
      write = compileFields(selected);
      compiled.set(selected, write);
    }
    return write(value as JsonObject, scope);
  };
}

function compileFields({ fields }: ObjectFields): WriteFields {
  const writers = fields.map(compileField);
  const heads = fields.map(
    ({ responseName }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(responseName)}:`,
  );
  return (object, scope) => {
    let text = heads.length === 0 ? '{' : '';
    for (let index = 0; index < writers.length; index++) {
      const value = (writers[index] as WriteFields)(object, scope);
      if (value === undefined) return undefined;
      text += heads[index] + value;
    }
    return `${text}}`;
  };
}

function compileField(field: FieldShape): WriteFields {
  switch (field.kind) {
    case 'value': {
      const { read } = field;
      const write = compileWriter(field.value);
      return (object, scope) => write(read(object), scope);
    }
    case 'typename': {
      const text = field.typeName === undefined ? undefined : JSON.stringify(field.typeName);
      return () => text;
    }
    case 'introspection':
      return (_object, scope) => JSON.stringify(scope.introspector.answer(field));
    case 'denied':
      return () => undefined;
  }
}
