export { createBillingApp } from './app.ts';
export { type BillingConfig, billingVariables } from './config.ts';
export { buildBillingSchema } from './schema.ts';
