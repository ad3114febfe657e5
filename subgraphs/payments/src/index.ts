export { createPaymentsApp } from './app.ts';
export { type PaymentsConfig, paymentsVariables } from './config.ts';
export { buildPaymentsSchema } from './schema.ts';
