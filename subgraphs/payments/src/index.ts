export { createPaymentsApp } from './app.ts';
export { type PaymentsConfig, paymentsVariables } from './config.ts';
export { paymentStatesPage } from './payment/payment-states.page.ts';
export { buildPaymentsSchema } from './schema.ts';
