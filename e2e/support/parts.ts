import { execFileSync } from 'node:child_process';
import type { Product } from './product.ts';

/** The parts of the product that run as processes of their own. */
export type Part = 'gateway' | 'payments';

const scripts: Readonly<Record<Part, string>> = {
  gateway: 'gateway/src/main.ts',
  payments: 'subgraphs/payments/src/main.ts',
};

/** Ends one process of the product as a crash does; its launcher starts it again. */
export function crash(product: Product, part: Part): void {
  process.kill(pidOf(product, part), 'SIGKILL');
}

function pidOf({ pid }: Product, part: Part): number {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args=']).toString().split('\n');
  const found = processes
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .find(([, , parent, command]) => Number(parent) === pid && command?.includes(scripts[part]));
  if (!found?.[1]) throw new Error(`no process of ${part} runs`);
  return Number(found[1]);
}
