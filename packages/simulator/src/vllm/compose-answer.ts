import { findQuestion, findSources, splitSentences, type Sentence } from './find-sentences.ts';
import type { TemplateMessage } from './stand-in-tokenizer.ts';

/** What the stand-in says when no sentence shares a word with the question. */
export const FOUND_NOTHING = 'I found nothing about this in what I was given.';

const WORD = /\[\[[A-Z]{1,12}_[0-9a-z]{7}\]\]|[\p{L}\p{N}]+/gu;
const STOP_WORDS = new Set(
  `a about all an and any are as at be been but by can could did do does for from had has have he her him his how i if in is
  it its me my no not of on or our she should so some that the their them then there these they this to us was we were what
  when where which who whom whose why will with would you your`.split(/\s+/),
);
/** How much a sentence inherits from the source around it: a note about medication makes its sentences likelier. */
const INHERITED = 0.25;
const MOST_SENTENCES = 3;
/** What an answer to such a question tends to say: a sentence that says it counts like one that shares a word more. */
const CUES: readonly (readonly [asked: RegExp, answered: RegExp])[] = [
  [/\bwhy\b/i, /\bbecause\b/i],
  [/\bchange/i, /\b(?:reduced|increased|stopped|started|replaced|switched|lowered|raised|paused)\b/i],
];

function stems(text: string): Set<string> {
  const words = text.toWellFormed().match(WORD) ?? [];
  const lower = words.map((word) => (word.startsWith('[[') ? word : word.toLowerCase()));
  return new Set(
    lower
      .filter((word) => !STOP_WORDS.has(word))
      .map((word) => word.replace(/(?<=.{4})(?:ations?|ing|ed|es|s|e)$/u, '')),
  );
}

/** The best sentences for a question, best first: at most three, and none that is far worse than the best. */
export function rankSentences(question: string, sentences: readonly Sentence[]): Sentence[] {
  const asked = stems(question);
  const shared = sentences.map(({ text }) => [...stems(text)].filter((stem) => asked.has(stem)));
  const around = new Map<number, Set<string>>();
  for (const [index, { source }] of sentences.entries()) {
    if (source !== undefined) around.set(source, new Set([...(around.get(source) ?? []), ...(shared[index] ?? [])]));
  }
  const scored = sentences.map((sentence, index) => {
    const inherited = sentence.source === undefined ? 0 : (around.get(sentence.source)?.size ?? 0);
    const cues = CUES.filter(([ask, answer]) => ask.test(question) && answer.test(sentence.text)).length;
    return { sentence, score: (shared[index]?.length ?? 0) + cues + INHERITED * inherited };
  });
  const ranked = scored.filter(({ score }) => score > 0).toSorted((left, right) => right.score - left.score);
  const best = ranked[0]?.score ?? 0;
  return ranked.slice(0, MOST_SENTENCES).flatMap(({ sentence, score }) => (2 * score >= best ? [sentence] : []));
}

function sourceSentences(prompt: string): Sentence[] {
  return findSources(prompt).flatMap(({ number, text }) =>
    splitSentences(text).map((sentence) => ({ text: sentence, source: number })),
  );
}

/**
 * Answers a conversation by quoting it: one to three sentences that share words with the question, each followed by the
 * number of its source (`[1]`) when the prompt has sources. Sentences are copied verbatim, redaction tokens included.
 * No model is involved and the same prompt always gives the same answer.
 */
export function composeAnswer(messages: readonly TemplateMessage[]): string {
  const asking = messages.findLast(({ role }) => role === 'user')?.content ?? messages.at(-1)?.content ?? '';
  const question = findQuestion(asking);
  const cited = sourceSentences(asking);
  const spoken = messages.filter(({ role }) => role !== 'system').flatMap(({ content }) => splitSentences(content));
  const other = [...new Set(spoken)]
    .filter((text) => text !== question && !text.endsWith('?'))
    .map((text) => ({ text }));
  const chosen = rankSentences(question, cited.length > 0 ? cited : other);
  if (chosen.length === 0) return FOUND_NOTHING;
  return chosen.map(({ text, source }) => (source === undefined ? text : `${text} [${source}]`)).join(' ');
}
