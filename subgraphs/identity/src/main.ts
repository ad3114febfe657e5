import { loadConfig } from '@suvidha/config';
import { runProcess } from '@suvidha/process';
import { startSubgraph } from '@suvidha/subgraph';
import { createIdentityApp } from './app.ts';
import { identityVariables } from './config.ts';

await runProcess(() =>
  startSubgraph('identity', loadConfig(identityVariables, process.env), createIdentityApp),
);
