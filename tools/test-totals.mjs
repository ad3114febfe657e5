// Prints the totals of a test run from vitest's JSON report, and fails when not one test was executed:
//   node tools/test-totals.mjs report.json
// It runs before and without everything that npm installs, so it is plain JavaScript.
import { readFile } from 'node:fs/promises';

const report = JSON.parse(await readFile(process.argv[2], 'utf8'));
const passed = report.numPassedTests;
const failed = report.numFailedTests;
const skipped = report.numPendingTests + report.numTodoTests;
const broken = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);

for (const { name } of broken) process.stdout.write(`Could not be loaded: ${name}\n`);
if (passed + failed === 0) process.stdout.write('No test was executed.\n');
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = passed + failed === 0 ? 1 : 0;
