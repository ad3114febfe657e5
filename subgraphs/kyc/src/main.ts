import { loadConfig } from '@suvidha/config';
import { runProcess } from '@suvidha/process';
import { startSubgraph } from '@suvidha/subgraph';
import { createKycApp } from './app.ts';
import { kycVariables } from './config.ts';

await runProcess(() => startSubgraph('kyc', loadConfig(kycVariables, process.env), createKycApp));
