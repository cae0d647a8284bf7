import type { Finding, RedactionDetector } from './detector.ts';
import { createBuiltInDetector, type DetectorOptions } from './detectors/index.ts';
import { redactionError } from './errors.ts';
import { lookalikeDetector } from './detectors/lookalike.ts';
import { maskText } from './mask-text.ts';
import type { RedactOptions, Redaction } from './redaction.ts';

import type { SafeHarborOptions } from './safe-harbor.ts';
import { collectFindings, collectFindingsSync } from './run-detectors.ts';
import { isDetectionType, LITERAL, DETECTION_TYPES, type DetectionType } from './types.ts';
import { createVault } from './vault/create-vault.ts';

/** What a redactor looks for. */
export interface RedactorOptions extends DetectorOptions {
  /** Types to replace; all of the published list unless given. An empty list still makes look-alike tokens inert. */
  readonly types?: readonly DetectionType[];
  /** Lets stay what the Safe Harbor rule allows: years, ages up to 89, the first digits of postal codes. Nothing stays unless given. */
  readonly safeHarbor?: SafeHarborOptions;
  /**
   * The lowest score that counts, 0 to 1, by type; 0 unless given. Guesses by context score 0.5 to 0.7, a failed checksum beside its
   * keyword 0.6, shapes without a check 0.8 to 0.9, what a check confirms 0.8 to 1.
   */
  readonly thresholds?: Partial<Readonly<Record<DetectionType, number>>>;
  /** Further detectors, for example a model for names. They run beside the built-in ones. */
  readonly detectors?: readonly RedactionDetector[];
}

/** Replaces personal data by tokens. Holds no text and no values, so one redactor serves any number of sessions. */
export interface Redactor {
  /**
   * Replaces what all detectors find.
   * @throws CloisterError ERR_REDACTION_NOT_TEXT for anything but a string, ERR_REDACTION_TEXT_TOO_LONG above 16 Mi code units, ERR_REDACTION_DETECTION, ERR_REDACTION_VAULT_FULL,
   *   ERR_REDACTION_VAULT_CLOSED, ERR_REDACTION_NOT_A_VAULT; what a detector throws passes through
   */
  redact(text: string, options?: RedactOptions): Promise<Redaction>;
  /** The same without waiting. @throws CloisterError ERR_REDACTION_ASYNC_DETECTOR when a detector answers with a promise */
  redactSync(text: string, options?: RedactOptions): Redaction;
}

/**
 * A redactor.
 * @throws CloisterError ERR_REDACTION_TYPE, ERR_REDACTION_THRESHOLD, ERR_REDACTION_NAME or ERR_REDACTION_PATTERN
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const types = checkTypes(options.types ?? DETECTION_TYPES);
  const detectors = [lookalikeDetector, createBuiltInDetector(options, types), ...(options.detectors ?? [])];
  const lowest = readThresholds(options.thresholds ?? {});
  // The detector of look-alikes keeps tokens apart; it finds nobody.
  const ids = detectors.filter((detector) => detector !== lookalikeDetector).map(({ id }) => id);
  const finish = (text: string, findings: readonly Finding[], redacting: RedactOptions): Redaction => {
    const wanted = redacting.types === undefined ? types : checkTypes(redacting.types);
    const kept = findings.filter(
      ({ type, score }) =>
        type === LITERAL || (isIn(types, type) && isIn(wanted, type) && score >= (lowest.get(type) ?? 0)),
    );
    const masked = maskText(text, kept, redacting, redacting.vault ?? createVault(), options.safeHarbor);
    return { ...masked, detectors: ids };
  };
  return {
    redact: async (text, redacting = {}) => finish(text, await collectFindings(text, detectors), redacting),
    redactSync: (text, redacting = {}) => finish(text, collectFindingsSync(text, detectors), redacting),
  };
}

function checkTypes(types: readonly DetectionType[]): Set<DetectionType> {
  for (const type of types) if (!isDetectionType(type)) throw redactionError('ERR_REDACTION_TYPE');
  return new Set(types);
}

function readThresholds(thresholds: Partial<Record<DetectionType, number>>): ReadonlyMap<string, number> {
  const entries = Object.entries(thresholds);
  checkTypes(entries.map(([type]) => type as DetectionType));
  if (!entries.every(([, lowest]) => lowest >= 0 && lowest <= 1)) throw redactionError('ERR_REDACTION_THRESHOLD');
  return new Map(entries);
}

function isIn(types: ReadonlySet<string>, type: string): boolean {
  return types.has(type);
}
