import {
  type ChatTemplate,
  type Classification,
  covers,
  highest,
  isClassification,
  type RandomSource,
  systemRandom,
  toHex,
  type Tokenizer,
} from '@cloister/core';
import type { Masked } from '@cloister/redaction';
import { datamark } from './datamark.ts';
import { promptError } from './errors.ts';
import { countTokens, fitBudget, TOKENS_PER_MESSAGE } from './fit-budget.ts';
import { createInertText, type Inert, type SanitizedCounts } from './inert-text.ts';
import type {
  DroppedSource,
  NumberedSource,
  PromptMessage,
  PromptParts,
  PromptSource,
  PromptTurn,
} from './prompt-parts.ts';
import { renderCanary, renderQuestion, renderSource, SOURCE_RULES } from './render-prompt.ts';
import { readTrusted } from './trusted.ts';

/** Under which limits a prompt is made. */
export interface AssembleOptions {
  /** The tokenizer of the model that will read the prompt, or one that counts no less. */
  readonly tokenizer: Tokenizer;
  /** The model's chat template: tokens are then counted on what its server will tokenize. An allowance is added otherwise. */
  readonly template?: ChatTemplate;
  /** Tokens the prompt may cost, the answer's share already taken off. */
  readonly maxTokens: number;
  /** The highest class the caller may see. */
  readonly clearance: Classification;
  /** The class of the question; the caller's clearance unless given, because people type what they know. */
  readonly questionLabel?: Classification;
  /** A canary of `createCanary`, the same for a whole session: it closes the system message, and no answer may repeat it. */
  readonly canary?: string;
  /** The delimiter key, 8 to 32 hexadecimal digits: for tests; fresh and random otherwise. */
  readonly delimiter?: string;
  /** Where the delimiter comes from. */
  readonly random?: RandomSource;
}

/** A prompt and everything an audit event may say about it. */
export interface AssembledPrompt {
  readonly messages: readonly PromptMessage[];
  /** The maximum over all parts that are in the prompt. */
  readonly label: Classification;
  /** Tokens of the whole prompt, the chat template included. Never above `maxTokens`. */
  readonly tokens: number;
  readonly sources: readonly NumberedSource[];
  readonly dropped: readonly DroppedSource[];
  /** Turns of the history left out for the budget, oldest first. */
  readonly droppedTurns: number;
  /** What was taken out of or disarmed in untrusted text that is in the prompt. */
  readonly sanitized: SanitizedCounts;
}

const MOST_PARTS = 999;

interface Prepared<Part> {
  readonly part: Part;
  readonly text: Inert;
  readonly changed: SanitizedCounts;
}

/**
 * Puts a prompt together: instructions alone in the system message, history in its roles, sources and question in the last
 * user message. Sources above the clearance are dropped, then whole sources are taken in order of rank while they fit, then
 * the latest turns. Every source left out is in `dropped`.
 * @throws CloisterError ERR_PROMPT_BUDGET when instructions and question alone do not fit, ERR_PROMPT_NOT_TRUSTED,
 *   ERR_PROMPT_QUESTION_ABOVE_CLEARANCE, ERR_PROMPT_TOO_MANY_PARTS, ERR_PROMPT_LABEL, ERR_PROMPT_DELIMITER
 */
export function assemblePrompt(parts: PromptParts, options: AssembleOptions): AssembledPrompt {
  const questionLabel = options.questionLabel ?? options.clearance;
  checkParts(parts, options.clearance, questionLabel);
  const key = createKey(options);
  const visible = parts.sources.filter((source) => covers(options.clearance, source.label));
  const prepared = visible.map(prepareSource);
  const turns = (parts.history ?? []).map(prepare);
  const question = createInertText(parts.question);
  const system = `${readTrusted(parts.instructions)}\n\n${SOURCE_RULES}${readCanary(options)}`;
  const layout: Layout = { system, key, question: question.text, sources: prepared, turns };
  const { messages, tokens, ...chosen } = choose(layout, options);
  const keptSources = chosen.sources.flatMap((index) => prepared[index] ?? []);
  const keptTurns = turns.slice(chosen.firstTurn);
  return {
    messages,
    label: highest([questionLabel, ...[...keptSources, ...keptTurns].map(({ part }) => part.label)]),
    tokens,
    sources: keptSources.map(({ part }, index) => ({ number: index + 1, document: part.document, chunk: part.chunk })),
    dropped: listDropped(parts.sources, options.clearance, new Set(keptSources.map(({ part }) => part))),
    droppedTurns: chosen.firstTurn,
    sanitized: sumChanges([question, ...keptSources, ...keptTurns]),
  };
}

interface Layout {
  readonly system: string;
  readonly key: string;
  readonly question: Inert;
  readonly sources: readonly Prepared<PromptSource>[];
  readonly turns: readonly Prepared<PromptTurn>[];
}

interface Choice {
  /** Indexes of the sources that stay, ascending. */
  readonly sources: readonly number[];
  /** Index of the oldest turn that stays. */
  readonly firstTurn: number;
}

function prepare<Part extends { readonly text: Masked }>(part: Part): Prepared<Part> {
  return { part, ...createInertText(part.text) };
}

function prepareSource(source: PromptSource): Prepared<PromptSource> {
  const prepared = prepare(source);
  return source.datamark === true ? { ...prepared, text: datamark(prepared.text) } : prepared;
}

/** A choice, written out and counted. */
interface Drawn extends Choice {
  readonly messages: readonly PromptMessage[];
  readonly tokens: number;
}

/** Everything, when it fits: counting is what assembling costs, so the usual prompt is counted once. */
function choose(layout: Layout, options: AssembleOptions): Drawn {
  const all = draw(layout, { sources: [...layout.sources.keys()], firstTurn: 0 }, options);
  return all.tokens <= options.maxTokens ? all : chooseWithin(layout, options);
}

function draw(layout: Layout, choice: Choice, options: AssembleOptions): Drawn {
  const messages = render(layout, choice);
  return { ...choice, messages, tokens: cost(options, messages) };
}

/** Estimates piece by piece, then counts the whole: pieces that tokenize worse together cost the last source or turn. */
function chooseWithin(layout: Layout, options: AssembleOptions): Drawn {
  const { tokenizer, maxTokens } = options;
  const count = (text: string): number => countTokens(tokenizer, text);
  const base = draw(layout, { sources: [], firstTurn: layout.turns.length }, options).tokens;
  // Written so that a limit that is no number refuses as well.
  if (!(base <= maxTokens)) throw promptError('ERR_PROMPT_BUDGET', { detail: { tokens: base, limit: maxTokens } });
  const sourceCosts = layout.sources.map(({ text }, index) => count(renderSource(index + 1, layout.key, text)));
  const { kept, left } = fitBudget(sourceCosts, maxTokens - base);
  const turnCosts = layout.turns.map(({ text }) => count(text) + TOKENS_PER_MESSAGE);
  let drawn = draw(layout, { sources: kept, firstTurn: firstTurnWithin(turnCosts, left) }, options);
  while (drawn.tokens > maxTokens) {
    const { sources, firstTurn } = drawn;
    const smaller =
      firstTurn < layout.turns.length
        ? { sources, firstTurn: firstTurn + 1 }
        : { sources: sources.slice(0, -1), firstTurn };
    drawn = draw(layout, smaller, options);
  }
  return drawn;
}

/** The history is cut at its old end only: a conversation with a hole in it misleads. */
function firstTurnWithin(costs: readonly number[], budget: number): number {
  let first = costs.length;
  for (let left = budget; first > 0; first--) {
    left -= costs[first - 1] ?? 0;
    if (left < 0) break;
  }
  return first;
}

function render(layout: Layout, choice: Choice): PromptMessage[] {
  const blocks = choice.sources
    .flatMap((index) => layout.sources[index] ?? [])
    .map(({ text }, index) => renderSource(index + 1, layout.key, text));
  return [
    { role: 'system', content: layout.system as Masked },
    ...layout.turns.slice(choice.firstTurn).map(({ part, text }) => ({ role: part.role, content: text })),
    { role: 'user', content: `${blocks.join('')}${renderQuestion(layout.question)}` as Masked },
  ];
}

function cost({ tokenizer, template }: AssembleOptions, messages: readonly PromptMessage[]): number {
  if (template !== undefined) return countTokens(tokenizer, template(messages));
  return messages.reduce((sum, { content }) => sum + countTokens(tokenizer, content) + TOKENS_PER_MESSAGE, 0);
}

function listDropped(
  sources: readonly PromptSource[],
  clearance: Classification,
  kept: ReadonlySet<PromptSource>,
): DroppedSource[] {
  return sources
    .filter((source) => !kept.has(source))
    .map((source) => ({
      document: source.document,
      chunk: source.chunk,
      reason: covers(clearance, source.label) ? 'budget' : 'clearance',
    }));
}

function sumChanges(parts: readonly { readonly changed: SanitizedCounts }[]): SanitizedCounts {
  return {
    invisible: parts.reduce((sum, { changed }) => sum + changed.invisible, 0),
    markup: parts.reduce((sum, { changed }) => sum + changed.markup, 0),
  };
}

function createKey({ delimiter, random = systemRandom }: AssembleOptions): string {
  if (delimiter === undefined) return toHex(random(4));
  if (!/^[0-9a-f]{8,32}$/.test(delimiter)) throw promptError('ERR_PROMPT_DELIMITER');
  return delimiter;
}

function readCanary({ canary }: AssembleOptions): string {
  if (canary === undefined) return '';
  if (!/^[0-9a-f]{16,32}$/.test(canary)) throw promptError('ERR_PROMPT_DELIMITER');
  return `\n${renderCanary(canary)}`;
}

function checkParts(parts: PromptParts, clearance: Classification, questionLabel: Classification): void {
  const turns = parts.history ?? [];
  if (parts.sources.length > MOST_PARTS || turns.length > MOST_PARTS) throw promptError('ERR_PROMPT_TOO_MANY_PARTS');
  const labels = [
    clearance,
    questionLabel,
    ...parts.sources.map(({ label }) => label),
    ...turns.map(({ label }) => label),
  ];
  if (!labels.every(isClassification)) throw promptError('ERR_PROMPT_LABEL');
  const spoken = [questionLabel, ...turns.map(({ label }) => label)];
  if (!spoken.every((label) => covers(clearance, label))) throw promptError('ERR_PROMPT_QUESTION_ABOVE_CLEARANCE');
}
