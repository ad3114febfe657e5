import { loadConfig } from '@suvidha/config';
import { runProcess } from '@suvidha/process';
import { startSubgraph } from '@suvidha/subgraph';
import { createBillingApp } from './app.ts';
import { billingVariables } from './config.ts';

await runProcess(() => startSubgraph('billing', loadConfig(billingVariables, process.env), createBillingApp));
