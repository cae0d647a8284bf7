// Judges what `demo --json` printed: the chain answered with citations, the receipt verified, every attack was refused.
// Plain JavaScript: it runs on whatever Node the machine has.
// usage: validate-demo.mjs FILE
import { readFileSync } from 'node:fs';

const ATTACKS = 4;
const problems = [];
const must = (condition, problem) => condition || problems.push(problem);

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const simulated = report.verdict?.simulated === true || /SIMULATED/.test(JSON.stringify(report.verdict));
must(simulated, 'the verdict does not say SIMULATED');
must(Array.isArray(report.arrows) && report.arrows.length > 0, 'there are no arrows');
must(typeof report.answer === 'string' && report.answer.length > 0, 'there is no answer');
must(Array.isArray(report.citations) && report.citations.length > 0, 'there are no citations');
must(report.receipt?.verified === true, 'the receipt was not verified');
must(report.attacks?.length === ATTACKS, `there are not ${ATTACKS} attacks`);
for (const { name, refused, code } of report.attacks ?? []) {
  must(refused === true && /^ERR_[A-Z0-9_]+$/.test(String(code)), `the attack "${name}" was not refused with a code`);
}
must(report.overhead !== undefined && report.overhead !== null, 'there is no overhead');

process.stdout.write(problems.length === 0 ? 'the demo shows what it must\n' : `${problems.join('\n')}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
