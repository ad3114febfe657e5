export { launcherVariables } from './config.ts';
export { type ManyProcesses, startManyProcesses } from './many-processes.ts';
export { type OneProcess, startOneProcess } from './one-process.ts';
