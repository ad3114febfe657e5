// Payments per second through initiate → webhook → settled, and how soon a subscriber hears of it, beside a bare-SQL driver
// that writes the same final rows in as many commits:
//   npm run bench:payments -- --json FILE [--payments 400] [--concurrency 32]
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { percentile } from './numbers.ts';
import { runOurs } from './ours.ts';
import { measureCommits, runPeer } from './peer.ts';
import { withServer } from './server.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    payments: { type: 'string', default: '400' },
    concurrency: { type: 'string', default: '32' },
  },
});
const load = { payments: Number(values.payments), concurrency: Number(values.concurrency) };
const warmUp = { ...load, payments: Math.ceil(load.payments / 4) };

const measured = await withServer(async (toUrl) => {
  const ours = await runOurs(await toUrl('ours'), { warmUp, load });
  const peer = await runPeer(await toUrl('peer'), { warmUp, load });
  const commits = await measureCommits(await toUrl('commit'));
  return { ours, peer, commits };
});

const { ours, peer, commits } = measured;
const results = [
  {
    name: 'payments throughput, initiate to settled',
    value: ours.perSecond,
    unit: 'payments/s',
    peer: 'bare SQL, the same final rows in as many commits',
    peerValue: peer.perSecond,
    ratio: ours.perSecond / peer.perSecond,
  },
  toLatency('webhook to push latency p99', ours.pushMs, 0.99),
  toLatency('webhook to push latency p50', ours.pushMs, 0.5),
  toLatency('webhook to push latency under full load p99', ours.loadedPushMs, 0.99),
];

/** Beside one commit of one row that nothing else disturbs. */
function toLatency(name: string, times: readonly number[], share: number) {
  const value = percentile(times, share);
  const peerValue = percentile(commits, share);
  const commit = `one commit, p${share * 100}`;
  return { name, value, unit: 'ms', peer: commit, peerValue, ratio: value / peerValue };
}

for (const { name, value, unit, peer: beside, peerValue, ratio } of results)
  console.log(
    `${name}: ${value.toFixed(2)} ${unit}; ${beside}: ${peerValue.toFixed(2)}; ratio ${ratio.toFixed(2)}`,
  );
console.log(
  `commits per payment, lookups and jobs included: ours ${ours.commitsPerPayment.toFixed(1)}, peer ${peer.commitsPerPayment.toFixed(1)}`,
);
if (values.json) await writeFile(values.json, `${JSON.stringify({ results }, null, 2)}\n`);
process.exit();
