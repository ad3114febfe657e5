import { loadConfig } from '@suvidha/config';
import { runProcess } from '@suvidha/process';
import { startSubgraph } from '@suvidha/subgraph';
import { createPaymentsApp } from './app.ts';
import { paymentsVariables } from './config.ts';

await runProcess(() =>
  startSubgraph('payments', loadConfig(paymentsVariables, process.env), createPaymentsApp),
);
