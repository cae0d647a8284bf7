// Prints "PASSED FAILED" of a vitest JSON report, and a line for each test that failed. Plain JavaScript: it runs on
// whatever Node the machine has.
// usage: count-tests.mjs REPORT EXIT_STATUS
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [file, status] = process.argv.slice(2);
const {
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
  testResults,
} = JSON.parse(readFileSync(file, 'utf8'));
if (skipped > 0) process.stderr.write(`${skipped} tests were skipped; the output above says why\n`);
// A run that fails without a failed test (a file that does not load, a stray rejection, no test at all) counts as one.
const unexplained = failed === 0 && (status !== '0' || passed === 0) ? 1 : 0;
process.stdout.write(`${passed} ${failed + unexplained}\n`);
for (const { name, assertionResults } of testResults)
  for (const test of assertionResults)
    if (test.status === 'failed') process.stdout.write(`${relative('.', name)}: ${test.fullName}\n`);
