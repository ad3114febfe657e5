import { runProcess } from '@suvidha/process';
import { toBanner } from './banner.ts';
import { startOneProcess } from './one-process.ts';

await runProcess(async () => {
  const suvidha = await startOneProcess({ LOG_LEVEL: 'warn', ...process.env });
  process.stdout.write(toBanner(suvidha));
  return suvidha;
});
