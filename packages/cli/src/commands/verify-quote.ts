import type { Command } from '../command.ts';
import { printReport } from '../evidence/evidence-report.ts';
import { judgeEvidence } from '../evidence/judge-evidence.ts';
import { JUDGEMENT_OPTIONS, readJudgement } from '../input/read-judgement.ts';
import { readInput } from '../input/read-input.ts';

/** `cloister verify quote FILE`: judges evidence offline. */
export const verifyQuote: Command = {
  details: [
    'FILE is a quote or report in binary, hex or base64, or an evidence bundle of a gateway in JSON; - is standard',
    'input. Its kind is recognised by its form. Judging is strict: the TCB must be up to date, debug off, revocation',
    'lists there and current. With --policy a bundle is appraised whole, and a bare quote is compared with the pinned',
    "measurements. Nothing is fetched: without --collateral (or collateral in the bundle) the vendor's lists are missing",
    'and the verdict is a rejection.',
  ].join('\n'),
  options: JUDGEMENT_OPTIONS,
  async run(invocation) {
    const judgement = await readJudgement(invocation);
    const report = await judgeEvidence(await readInput(invocation.operands[0] as string), judgement);
    return printReport(report, invocation.terminal, invocation.isJson);
  },
};
