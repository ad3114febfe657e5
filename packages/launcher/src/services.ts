import { runProcess } from '@suvidha/process';
import { toBanner } from './banner.ts';
import { startManyProcesses } from './many-processes.ts';

await runProcess(async () => {
  const suvidha = await startManyProcesses({ LOG_LEVEL: 'warn', ...process.env });
  process.stdout.write(toBanner(suvidha));
  return suvidha;
});
