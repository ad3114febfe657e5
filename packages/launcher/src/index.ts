export { launcherVariables } from './config.ts';
export { type OneProcess, startOneProcess } from './one-process.ts';
