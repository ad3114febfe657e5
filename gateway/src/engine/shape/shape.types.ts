import type { FieldNode } from 'graphql';
import type { DenialCode } from '../access/operation.filter.ts';
import type { JsonObject } from '../engine.types.ts';
import type { DeferredFragment } from '../plan/deferral.ts';
import type { ReadProperty } from '../run/own-property.ts';
import type { Leaf } from './leaf.ts';

/** How one value of the response looks: what the operation selects, resolved against the schema once. */
export type ValueShape = LeafShape | ListShape | ObjectShape;

export interface LeafShape {
  readonly kind: 'leaf';
  readonly nonNull: boolean;
  readonly leaf: Leaf;
}

export interface ListShape {
  readonly kind: 'list';
  readonly nonNull: boolean;
  readonly element: ValueShape;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly nonNull: boolean;
  /** The fields selected for the runtime type of the object; undefined when `__typename` names no type the API has. */
  fieldsOf(object: JsonObject): ObjectFields | undefined;
}

/** The fields of an object of one runtime type, in response order. */
export interface ObjectFields {
  readonly typeName: string;
  readonly fields: readonly FieldShape[];
  /** What comes later, for each deferred fragment that applies to the type. */
  readonly deferred: readonly DeferredShape[];
}

/** A deferred fragment of an object: fields of the same object, delivered on their own. */
export interface DeferredShape {
  readonly fragment: DeferredFragment;
  readonly shape: ObjectShape;
}

/** One field of a response object. */
export type FieldShape = ValueField | TypenameField | IntrospectionField | DeniedField;

interface AnyField {
  readonly responseName: string;
  readonly fieldName: string;
}

export interface ValueField extends AnyField {
  readonly kind: 'value';
  readonly read: ReadProperty;
  readonly value: ValueShape;
}

/** `__typename`, answered from the runtime type; undefined while that is known only as an abstract type. */
export interface TypenameField extends AnyField {
  readonly kind: 'typename';
  readonly typeName: string | undefined;
}

/** `__schema` or `__type`, answered from the API schema. */
export interface IntrospectionField extends AnyField {
  readonly kind: 'introspection';
  readonly nodes: readonly FieldNode[];
}

/** A field that the caller may not see: null with an error. */
export interface DeniedField extends AnyField {
  readonly kind: 'denied';
  readonly nonNull: boolean;
  readonly code: DenialCode;
}
