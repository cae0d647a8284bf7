import { isClassification } from '@cloister/core';
import { canonicalValue } from './canonical.ts';
import type { Finding } from './detector.ts';
import { createPeople } from './create-people.ts';
import { mergeFindings } from './merge.ts';
import type { Masked } from './masked.ts';
import type { RedactOptions, Redaction } from './redaction.ts';
import { narrowToSafeHarbor, type SafeHarborOptions } from './safe-harbor.ts';
import { isChecked, LITERAL, type EntryType, type DetectionType } from './types.ts';
import type { Vault } from './vault-types.ts';
import { issueToken, openVault } from './vault-state.ts';

/**
 * Replaces findings and look-alike tokens by tokens of the vault. A look-alike becomes an entry of its own that stands
 * for itself: it comes back as it was typed, and never as the value it asks for.
 */
export function maskText(
  text: string,
  findings: readonly Finding[],
  options: RedactOptions,
  vault: Vault,
  safeHarbor?: SafeHarborOptions,
): Omit<Redaction, 'detectors'> {
  const state = openVault(vault);
  // A label that is none of the four must not weaken an entry.
  const label = options.label === undefined || isClassification(options.label) ? options.label : 'restricted';
  let output = '';
  let from = 0;
  const detections: Finding[] = [];
  const whole = mergeFindings(findings);
  const merged =
    safeHarbor === undefined ? whole : whole.flatMap((finding) => narrowToSafeHarbor(text, finding, safeHarbor));
  const people = merged.some(({ type }) => type === 'PERSON') ? createPeople(state) : undefined;
  for (const { type, start, end, canonical } of merged)
    if (type === 'PERSON') people?.note(text.slice(start, end), canonical);
  for (const finding of merged) {
    const type = finding.type as EntryType;
    const written = text.slice(finding.start, finding.end);
    const canonical = (): string => finding.canonical ?? canonicalValue(type, written);
    const item = { type, canonical, written, label, source: options.source };
    const token =
      type === 'PERSON' && people !== undefined ? people.issue(item, finding.canonical) : issueToken(state, item);
    output += text.slice(from, finding.start) + token;
    from = finding.end;
    if (type !== LITERAL) detections.push(finding);
  }
  return {
    text: (from === 0 ? text : output + text.slice(from)) as Masked,
    vault,
    detections: detections.map(publish),
    counts: count(detections),
    unverified: count(detections.filter(({ type, verified }) => !verified && isChecked(type as DetectionType))),
    escaped: findings.filter(({ type }) => type === LITERAL).length,
  };
}

function publish({ type, start, end, score, verified }: Finding): Finding {
  return { type, start, end, score, verified };
}

function count(detections: readonly Finding[]): Partial<Record<DetectionType, number>> {
  const counts: Partial<Record<DetectionType, number>> = {};
  for (const { type } of detections) counts[type as DetectionType] = (counts[type as DetectionType] ?? 0) + 1;
  return counts;
}
