export { sandboxApps } from './identity-providers.ts';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
