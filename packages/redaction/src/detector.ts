import type { Detection } from '@cloister/core';
import type { TextScan } from './detectors/scan-text.ts';

/** A detection that may say which other spellings mean the same thing. */
export interface Finding extends Detection {
  /** The value without spelling: two findings of one type and one canonical value share a token id. */
  readonly canonical?: string;
}

/**
 * A detector as a redactor runs it; every `Detector` of core is one. `folded` detectors see the folded view (compatibility
 * forms, foreign digits and invisible characters undone) and give offsets into that view; the redactor maps them back.
 */
export interface RedactionDetector {
  /** Stable name for reports. */
  readonly id: string;
  /** Which view `detect` gets; the original text unless said. */
  readonly view?: 'folded' | 'original';
  /** Findings in any order; they may overlap. Time must grow at most linearly with the text. */
  detect(text: string): readonly Finding[] | Promise<readonly Finding[]>;
}

/** A built-in detector: folded view, synchronous. */
export interface FoldedDetector extends RedactionDetector {
  readonly view: 'folded';
  /** @param scan of the same text; made anew when there is none */
  detect(text: string, scan?: TextScan): readonly Finding[];
}
