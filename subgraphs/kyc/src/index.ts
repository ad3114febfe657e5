export { createKycApp } from './app.ts';
export { type KycConfig, kycVariables } from './config.ts';
export { buildKycSchema } from './schema.ts';
