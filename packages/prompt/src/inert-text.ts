import type { Masked } from '@cloister/redaction';
import { cleanText } from './clean-text.ts';
import { escapeMarkup } from './escape-markup.ts';

declare const inertBrand: unique symbol;

/** Untrusted text that is masked, without invisible characters and without markup of ours or of a chat template. */
export type Inert = Masked & { readonly [inertBrand]: true };

/** How much of the untrusted text was changed on the way into a prompt. */
export interface SanitizedCounts {
  /** Invisible code points removed. */
  readonly invisible: number;
  /** Control tokens and look-alike tags disarmed. */
  readonly markup: number;
}

/** Makes untrusted text inert and says what was changed. */
export function createInertText(text: Masked): { readonly text: Inert; readonly changed: SanitizedCounts } {
  const cleaned = cleanText(text);
  const escaped = escapeMarkup(cleaned.text);
  return { text: escaped.text as Inert, changed: { invisible: cleaned.removed, markup: escaped.escaped } };
}
