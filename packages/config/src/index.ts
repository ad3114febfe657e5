export { toEnvExample } from './env-example.ts';
export * as kinds from './kinds.ts';
export { ConfigError, loadConfig } from './load-config.ts';
export { type ConfigOf, type Variable, type Variables, variable } from './variable.ts';
