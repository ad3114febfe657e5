export { createCommerceApp } from './app.ts';
export { type CommerceConfig, commerceVariables } from './config.ts';
export { buildCommerceSchema } from './schema.ts';
