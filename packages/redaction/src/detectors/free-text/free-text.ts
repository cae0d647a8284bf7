import type { Finding, FoldedDetector } from '../../detector.ts';
import { eachCapitalRun } from './capital-runs.ts';
import { classifyRun, type Verdict } from './classify-run.ts';
import { createRegister } from './register.ts';
import { createRelations } from './related.ts';

/**
 * People, places and organisations without a model: capital words, judged by titles, labels, what stands around them, lists
 * of given names and places, and whether English knows the word at all. A guess, and scored as one.
 */
export const freeTextDetector: FoldedDetector = {
  id: 'free-text',
  view: 'folded',
  detect(text) {
    const register = createRegister(text);
    const relations = createRelations();
    const findings: Finding[] = [];
    eachCapitalRun(text, (run) => {
      const verdicts = classifyRun(text, run, register);
      relations.note(run, verdicts);
      for (const verdict of verdicts) findings.push(toFinding(verdict));
    });
    for (const verdict of relations.find(text)) findings.push(toFinding(verdict));
    return findings;
  },
};

function toFinding({ type, words, score }: Verdict): Finding {
  return { type, start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0, score, verified: false };
}
