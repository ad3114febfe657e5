export { type CoercedVariables, coerceVariables } from './coerce-variables.ts';
export { toInputError } from './input-error.ts';
export { toValidationError } from './validation-error.ts';
