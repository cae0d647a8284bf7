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
  const answers = await Promise.all(detectors.map(async (detector) => ask(detector, text, view)));
  const findings: Finding[] = [];
  detectors.forEach((detector, index) => addFindings(findings, text, view, detector, answers[index] ?? []));
  return findings;
}

/** The same for detectors that answer at once. @throws CloisterError ERR_REDACTION_ASYNC_DETECTOR */
export function collectFindingsSync(text: string, detectors: readonly RedactionDetector[]): Finding[] {
  const view = prepare(text);
  const findings: Finding[] = [];
  for (const detector of detectors)
    addFindings(findings, text, view, detector, settled(ask(detector, text, view), detector.id));
  return findings;
}

function ask(detector: RedactionDetector, text: string, view: FoldedView): Answer {
  return detector.detect(detector.view === 'folded' ? view.text : text);
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

function addFindings(
  all: Finding[],
  text: string,
  view: FoldedView,
  detector: RedactionDetector,
  findings: readonly Finding[],
): void {
  const folded = detector.view === 'folded' && view.text !== text;
  const length = folded ? view.text.length : text.length;
  for (const finding of findings) {
    check(finding, length, detector);
    const start = wholeStart(text, folded ? view.start(finding.start) : finding.start);
    const end = wholeEnd(text, folded ? view.end(finding.end) : finding.end);
    all.push(start === finding.start && end === finding.end ? finding : { ...finding, start, end });
  }
}

function check(finding: Finding, length: number, detector: RedactionDetector): void {
  const { start, end, score, type } = finding;
  const placed = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start < end && end <= length;
  if (!placed || !(score >= 0 && score <= 1) || !(isDetectionType(type) || detector === lookalikeDetector))
    throw redactionError('ERR_REDACTION_DETECTION', { subject: detector.id });
}

function wholeStart(text: string, offset: number): number {
  return splitsPair(text, offset) ? offset - 1 : offset;
}

function wholeEnd(text: string, offset: number): number {
  return splitsPair(text, offset) ? offset + 1 : offset;
}

/** Whether an offset lies between the two halves of a surrogate pair. */
function splitsPair(text: string, offset: number): boolean {
  const low = text.charCodeAt(offset);
  if (!(low >= 0xdc00 && low <= 0xdfff)) return false;
  const high = text.charCodeAt(offset - 1);
  return high >= 0xd800 && high <= 0xdbff;
}
