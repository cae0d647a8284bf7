import type { Tokenizer } from '@cloister/core';
import type { Budget } from './chunk-budget.ts';
import { checkOptions, isWithin } from './check-options.ts';
import { cutSections } from './cut-sections.ts';
import { areHeadings } from './heading.ts';
import type { Heading } from './heading.ts';

/** How a text is cut. */
export interface ChunkOptions {
  /**
   * Headings within the text. A chunk then never goes beyond the section that it is in, and each begins with a line of the
   * headings above it, which counts as its own.
   */
  readonly headings?: readonly Heading[];
  /** The most tokens of a chunk; 126 unless said: the embedder's 128 less its two special tokens. */
  readonly maxTokens?: number;
  /** The most UTF-16 units of a chunk; 2,048 unless said. Some tokenizers count a long unknown word as one token. */
  readonly maxCharacters?: number;
}

interface Piece {
  readonly text: string;
  readonly tokens: number;
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const words = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Cuts a text into chunks at the ends of sentences (Unicode UAX #29), of words where a sentence is too long, and of code
 * points where a word is. Chunks do not overlap and lose nothing: without headings, joined they give the text again. The
 * same text gives the same chunks; an empty text gives one empty chunk.
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`
 */
export function chunkText(text: string, tokenizer: Tokenizer, options: ChunkOptions = {}): readonly string[] {
  const { maxTokens = 126, maxCharacters = 2048, headings = [] } = options;
  checkOptions([
    !areHeadings(headings, text) && 'headings',
    !isWithin(maxTokens, 8, Number.MAX_SAFE_INTEGER) && 'maxTokens',
    !isWithin(maxCharacters, 16, 65_536) && 'maxCharacters',
  ]);
  const budget: Budget = { maxTokens, maxCharacters, count: (part) => tokenizer.encode(part).length };
  const cut = (part: string, within: Budget): readonly string[] => pack(splitSentences(part, within), within);
  const chunks = headings.length === 0 ? cut(text, budget) : cutSections(text, headings, budget, cut);
  return chunks.length === 0 ? [''] : chunks;
}

/** Joins neighbours as long as the sum of their tokens fits. */
function pack(pieces: Iterable<Piece>, budget: Budget): readonly string[] {
  const chunks: string[] = [];
  let current = '';
  let tokens = 0;
  for (const piece of pieces) {
    const fits =
      tokens + piece.tokens <= budget.maxTokens && current.length + piece.text.length <= budget.maxCharacters;
    if (!fits && current !== '') {
      chunks.push(current);
      current = '';
      tokens = 0;
    }
    current += piece.text;
    tokens += piece.tokens;
  }
  if (current !== '') chunks.push(current);
  return chunks;
}

function* splitSentences(text: string, budget: Budget): Generator<Piece> {
  for (const { segment } of sentences.segment(text)) {
    const piece = measure(segment, budget);
    if (piece !== undefined) yield piece;
    else
      for (const chunk of pack(splitWords(segment, budget), budget)) yield { text: chunk, tokens: budget.count(chunk) };
  }
}

function* splitWords(sentence: string, budget: Budget): Generator<Piece> {
  for (const { segment } of words.segment(sentence)) yield* halve(segment, budget);
}

/** Halves between code points until every part fits. */
function* halve(text: string, budget: Budget): Generator<Piece> {
  const piece = measure(text, budget);
  const middle = middleOf(text);
  if (piece !== undefined) yield piece;
  else if (middle === 0) yield { text, tokens: budget.maxTokens };
  else {
    yield* halve(text.slice(0, middle), budget);
    yield* halve(text.slice(middle), budget);
  }
}

/** Where a text can be cut in two without splitting a surrogate pair; 0 when it cannot. */
function middleOf(text: string): number {
  const middle = text.length >> 1;
  const code = text.charCodeAt(middle);
  return code >= 0xdc00 && code <= 0xdfff ? middle - 1 : middle;
}

/** The text with its tokens when it fits a chunk. */
function measure(text: string, budget: Budget): Piece | undefined {
  if (text.length > budget.maxCharacters) return undefined;
  const tokens = budget.count(text);
  return tokens <= budget.maxTokens ? { text, tokens } : undefined;
}
