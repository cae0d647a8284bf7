import { isClassification } from '@cloister/core';
import type { Finding } from './detector.ts';
import { notePerson, putPerson } from './create-people.ts';
import { mergeFindings } from './merge.ts';
import type { Masked } from './masked.ts';
import type { RedactOptions, Redaction } from './redaction.ts';
import { narrowToSafeHarbor, type SafeHarborOptions } from './safe-harbor.ts';
import { isChecked, LITERAL, type EntryType, type DetectionType } from './types.ts';
import type { Vault } from './vault-types.ts';
import { openVault, putAway, tokenOf, type VaultItem } from './vault-state.ts';

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
  const whole = mergeFindings(findings);
  const merged =
    safeHarbor === undefined ? whole : whole.flatMap((finding) => narrowToSafeHarbor(text, finding, safeHarbor));
  const itemOf = ({ type, start, end, canonical }: Finding): VaultItem => ({
    type: type as EntryType,
    written: text.slice(start, end),
    canonical,
    label,
    source: options.source,
  });
  state.texts++;
  for (const finding of merged) if (finding.type === 'PERSON') notePerson(state, itemOf(finding));
  let output = '';
  let from = 0;
  const detections: Finding[] = [];
  for (const finding of merged) {
    const item = itemOf(finding);
    const form = item.type === 'PERSON' ? putPerson(state, item) : putAway(state, item);
    output += text.slice(from, finding.start) + tokenOf(state, form);
    from = finding.end;
    if (item.type !== LITERAL) detections.push(finding);
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
