import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** Tells whether an object with this `__typename` meets a type condition. */
export type MeetsCondition = (typeName: unknown) => boolean;

/** Compiles a type condition against the full schema, answers kept by type name. */
export function compileTypeCondition(
  schema: GraphQLSchema,
  condition: string,
  ifUnknown: boolean,
): MeetsCondition {
  const type = schema.getType(condition);
  const known = new Map<unknown, boolean>([[condition, true]]);
  const meets = (typeName: unknown): boolean => {
    const runtimeType = typeof typeName === 'string' ? schema.getType(typeName) : undefined;
    if (!isAbstractType(type)) return false;
    return (isObjectType(runtimeType) || isInterfaceType(runtimeType)) && schema.isSubType(type, runtimeType);
  };
  for (const { name } of isAbstractType(type) ? schema.getPossibleTypes(type) : []) known.set(name, true);
  return (typeName) => (typeName ? (known.get(typeName) ?? meets(typeName)) : ifUnknown);
}
