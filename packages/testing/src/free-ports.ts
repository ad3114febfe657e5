import { randomInt } from 'node:crypto';
import getPort from 'get-port';

/**
 * Where a test's servers listen that are stopped and started again on the same port. Systems give ports from 32768 up
 * (Linux) to outgoing connections, which would take the port while its server is down.
 */
const first = 12_000;
const portsPerWorker = 4_000;
const workers = 5;

/** Ports that nothing listens on now, that no connection is given and no other test file of this run is told. */
export async function findFreePorts(count: number): Promise<number[]> {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0) % workers;
  const from = first + worker * portsPerWorker;
  const start = randomInt(portsPerWorker);
  const candidates = Array.from({ length: portsPerWorker }, (_, i) => from + ((start + i) % portsPerWorker));
  const ports: number[] = [];
  for (let i = 0; i < count; i++) ports.push(await getPort({ port: candidates }));
  return ports;
}

/** One of them. */
export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  return port as number;
}
