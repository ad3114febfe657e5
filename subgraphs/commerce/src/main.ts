import { loadConfig } from '@suvidha/config';
import { runProcess } from '@suvidha/process';
import { startSubgraph } from '@suvidha/subgraph';
import { createCommerceApp } from './app.ts';
import { commerceVariables } from './config.ts';

await runProcess(() =>
  startSubgraph('commerce', loadConfig(commerceVariables, process.env), createCommerceApp),
);
