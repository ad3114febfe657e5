import { parseArgs } from 'node:util';
import { loadConfig } from '@suvidha/config';
import { runProcess } from '@suvidha/process';
import { gatewayVariables, standaloneVariables } from './config.ts';
import { startConfiguredGateway } from './configured-gateway.ts';
import { startStandaloneGateway } from './standalone-gateway.ts';

const { values } = parseArgs({
  options: { supergraph: { type: 'string' }, port: { type: 'string' } },
});

await runProcess(() => {
  const { supergraph, port } = values;
  const env = { ...process.env, ...(port && { PORT: port }) };
  return supergraph
    ? startStandaloneGateway(supergraph, loadConfig(standaloneVariables, env))
    : startConfiguredGateway(loadConfig(gatewayVariables, env));
});
