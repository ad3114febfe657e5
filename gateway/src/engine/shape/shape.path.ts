import type { JsonObject } from '../engine.types.ts';
import { isJsonObject } from '../run/own-property.ts';
import type { FieldShape, ObjectShape, ValueShape } from './shape.types.ts';

export type ShapePath = readonly (string | number)[];

/** Whether the response has a place for what happened at a path: a selected field, or an element of one that is a list. */
export function isSelected(root: ObjectShape, data: JsonObject, path: ShapePath): boolean {
  return path.length === 0 || stepTo(root, data, path) !== undefined;
}

/** The shape of the object at a path of the response; undefined where the operation selects none. */
export function findObjectShape(
  root: ObjectShape,
  data: JsonObject,
  path: ShapePath,
): ObjectShape | undefined {
  if (path.length === 0) return root;
  const shape = stepTo(root, data, path)?.shape;
  return shape?.kind === 'object' ? shape : undefined;
}

/** One step of a path: the shape is undefined where a field has no parts. */
interface Step {
  readonly shape: ValueShape | undefined;
  readonly value: unknown;
}

function stepTo(root: ObjectShape, data: JsonObject, path: ShapePath): Step | undefined {
  let step: Step | undefined = { shape: root, value: data };
  for (const name of path)
    step = step && (typeof name === 'number' ? toElement(step, name) : toField(step, name));
  return step;
}

function toElement({ shape, value }: Step, index: number): Step | undefined {
  if (shape?.kind !== 'list') return undefined;
  return { shape: shape.element, value: Array.isArray(value) ? value[index] : undefined };
}

function toField({ shape, value }: Step, name: string): Step | undefined {
  const parent: JsonObject = isJsonObject(value) ? value : {};
  const field = findField(shape, parent, name);
  if (!field) return undefined;
  return field.kind === 'value'
    ? { shape: field.value, value: field.read(parent) }
    : { shape: undefined, value: undefined };
}

function findField(shape: ValueShape | undefined, parent: JsonObject, name: string): FieldShape | undefined {
  const fields = shape?.kind === 'object' ? shape.fieldsOf(parent)?.fields : undefined;
  return fields?.find(({ responseName }) => responseName === name);
}
