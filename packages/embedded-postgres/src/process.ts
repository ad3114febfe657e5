import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Whether a process of this number exists, ours to signal or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The command line of a process; null when there is none. A zombie has none, which is right for us: it holds nothing,
 * though nobody may ever collect it where we are the first process of a container.
 */
export async function findCommandLine(pid: number): Promise<string | null> {
  if (!isAlive(pid)) return null;
  const read = process.platform === 'linux' ? readProcFile(pid) : runPs(pid);
  const commandLine = await read.catch(() => '');
  return commandLine === '' ? null : commandLine;
}

async function readProcFile(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
}

async function runPs(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']);
  return stdout.trim();
}
