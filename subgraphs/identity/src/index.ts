export { createIdentityApp } from './app.ts';
export { type IdentityConfig, identityVariables } from './config.ts';
export { buildIdentitySchema } from './schema.ts';
