import { type Detection, isClassification } from '@cloister/core';
import type { Finding } from './detector.ts';
import { notePerson, putPerson } from './vault/put-person.ts';
import { mergeFindings } from './merge.ts';
import type { Masked } from './masked.ts';
import type { RedactOptions, Redaction } from './redaction.ts';
import { narrowToSafeHarbor, type SafeHarborOptions } from './safe-harbor.ts';
import { isChecked, LITERAL, type EntryType, type DetectionType } from './types.ts';
import type { Vault } from './vault/vault-types.ts';
import { openVault, putAway, tokenOf, type VaultItem } from './vault/vault-state.ts';

type Counts = Partial<Record<DetectionType, number>>;

const LONGEST_PIECE = 4096;

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
  const noted = merged.map((finding) => (finding.type === 'PERSON' ? notePerson(state, itemOf(finding)) : -1));
  const detections: Detection[] = [];
  const counts: Counts = {};
  const unverified: Counts = {};
  let [output, piece, from] = ['', '', 0];
  for (let index = 0; index < merged.length; index++) {
    const finding = merged[index] as Finding;
    const { start, end, score, verified } = finding;
    const type = finding.type as EntryType;
    let form = noted[index] as number;
    if (form < 0) form = (type === 'PERSON' ? putPerson : putAway)(state, itemOf(finding));
    piece += text.slice(from, start) + tokenOf(state, form);
    from = end;
    // Short strings are put together where they are; one that grows for long is dear to read once.
    if (piece.length >= LONGEST_PIECE) {
      output += piece;
      piece = '';
    }
    if (type === LITERAL) continue;
    detections.push({ type, start, end, score, verified });
    count(counts, type);
    if (!verified && isChecked(type)) count(unverified, type);
  }
  const escaped = findings.filter(({ type }) => type === LITERAL).length;
  const masked = from === 0 ? text : output + piece + text.slice(from);
  return { text: masked as Masked, vault, detections, counts, unverified, escaped };
}

function count(counts: Counts, type: DetectionType): void {
  counts[type] = (counts[type] ?? 0) + 1;
}
