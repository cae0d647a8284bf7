import { fromUtf8, utf8 } from '@cloister/core';
import { cleanText, escapeControlTokens } from '@cloister/prompt';
import type { JsonMember } from './scan-json-object.ts';
import type { Splice } from './splice-json.ts';

/** Tells how much a window of a prompt looks like an attack: 0 to 1. A signal, never a boundary. */
export type PromptClassifier = (window: string) => Promise<number>;

/** What the filter made of a prompt. */
export interface FilteredPrompt {
  /** The texts that changed, as JSON. */
  readonly splices: readonly Splice[];
  /** Invisible characters and control tokens that were taken out. */
  readonly changes: number;
}

/**
 * Takes invisible characters out of a prompt's texts and disarms the control tokens of chat templates in them. A text
 * without either keeps every byte.
 */
export function filterPrompt(body: Uint8Array, places: readonly JsonMember[]): FilteredPrompt {
  const splices: Splice[] = [];
  let changes = 0;
  for (const place of places) {
    const text = readText(body, place);
    const cleaned = cleanText(text);
    const escaped = escapeControlTokens(cleaned.text);
    // Line ends are left as they are unless something else is wrong with the text.
    if (cleaned.removed + escaped.escaped === 0) continue;
    changes += cleaned.removed + escaped.escaped;
    splices.push({ ...place, text: utf8(JSON.stringify(escaped.text)) });
  }
  return { splices, changes };
}

/** Characters of one window, and how many it shares with the next one, so that no phrase is cut in both. */
const WINDOW = 2000;
const OVERLAP = 200;
/** Windows of one prompt that are looked at. */
const MOST_WINDOWS = 64;

/** The highest score of a prompt's windows; a classifier that fails counts as the highest. */
export async function scorePrompt(
  body: Uint8Array,
  places: readonly JsonMember[],
  classify: PromptClassifier,
): Promise<number> {
  let highest = 0;
  for (const window of windowsOf(body, places)) {
    try {
      highest = Math.max(highest, await classify(window));
    } catch {
      return 1;
    }
  }
  return highest;
}

function* windowsOf(body: Uint8Array, places: readonly JsonMember[]): Generator<string> {
  let count = 0;
  for (const place of places) {
    const text = readText(body, place);
    for (let at = 0; at === 0 || at + OVERLAP < text.length; at += WINDOW - OVERLAP) {
      if (++count > MOST_WINDOWS) return;
      yield text.slice(at, at + WINDOW);
    }
  }
}

function readText(body: Uint8Array, { start, end }: JsonMember): string {
  return JSON.parse(fromUtf8(body.subarray(start, end))) as string;
}
