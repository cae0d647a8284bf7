import type { Finding, RedactionDetector } from './detector.ts';
import { lookalikeDetector } from './detectors/lookalike.ts';
import { redactionError } from './errors.ts';
import { createFoldedView, type FoldedView } from './folded-view.ts';
import { isDetectionType } from './types.ts';

/** UTF-16 code units one call accepts. */
export const LONGEST_TEXT: number = 16 * 1024 * 1024;

type Answer = readonly Finding[] | Promise<readonly Finding[]>;

/** Runs all detectors and gives their findings in offsets of the original. */
export async function collectFindings(text: string, detectors: readonly RedactionDetector[]): Promise<Finding[]> {
  const view = prepare(text);
  const answers = await Promise.all(
    detectors.map(async (detector) => detector.detect(detector.view === 'folded' ? view.text : text)),
  );
  return detectors.flatMap((detector, index) => mapFindings(text, view, detector, answers[index] ?? []));
}

/** The same for detectors that answer at once. @throws CloisterError ERR_REDACTION_ASYNC_DETECTOR */
export function collectFindingsSync(text: string, detectors: readonly RedactionDetector[]): Finding[] {
  const view = prepare(text);
  return detectors.flatMap((detector) => {
    const answer = detector.detect(detector.view === 'folded' ? view.text : text);
    return mapFindings(text, view, detector, settled(answer, detector.id));
  });
}

function prepare(text: string): FoldedView {
  // Parts of a message that are no text arrive here through a cast.
  if (typeof text !== 'string') throw redactionError('ERR_REDACTION_NOT_TEXT');
  if (text.length > LONGEST_TEXT)
    throw redactionError('ERR_REDACTION_TEXT_TOO_LONG', { detail: { limit: LONGEST_TEXT, length: text.length } });
  return createFoldedView(text);
}

function settled(answer: Answer, id: string): readonly Finding[] {
  if (!('then' in answer)) return answer;
  // The promise is given up; its failure must not end the process.
  answer.catch(() => {});
  throw redactionError('ERR_REDACTION_ASYNC_DETECTOR', { subject: id });
}

function mapFindings(
  text: string,
  view: FoldedView,
  detector: RedactionDetector,
  findings: readonly Finding[],
): Finding[] {
  const folded = detector.view === 'folded';
  return findings.map((finding) => {
    check(finding, folded ? view.text.length : text.length, detector);
    const start = folded ? view.start(finding.start) : finding.start;
    const end = folded ? view.end(finding.end) : finding.end;
    return {
      ...finding,
      start: splitsPair(text, start) ? start - 1 : start,
      end: splitsPair(text, end) ? end + 1 : end,
    };
  });
}

function check(finding: Finding, length: number, detector: RedactionDetector): void {
  const { start, end, score, type } = finding;
  const placed = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start < end && end <= length;
  if (!placed || !(score >= 0 && score <= 1) || !(isDetectionType(type) || detector === lookalikeDetector))
    throw redactionError('ERR_REDACTION_DETECTION', { subject: detector.id });
}

function splitsPair(text: string, offset: number): boolean {
  return offset > 0 && offset < text.length && (text.codePointAt(offset - 1) ?? 0) > 0xffff;
}
