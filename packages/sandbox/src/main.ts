import process from 'node:process';
import { loadConfig } from './config.ts';
import { createSandbox } from './sandbox.ts';

const config = loadConfig(process.env);
if ('problem' in config) {
  process.stderr.write(`${config.problem}\n`);
  process.exit(1);
}

try {
  const sandbox = await createSandbox(config.options);
  process.stdout.write(`Provider sandbox: ${sandbox.url} (SMTP on port ${sandbox.smtpPort})\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sandbox.close());
  }
} catch (error) {
  process.stderr.write(
    `Provider sandbox could not start: ${error instanceof Error ? error.message : error}\n`,
  );
  process.exit(1);
}
