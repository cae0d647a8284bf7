import type { Restored } from '@cloister/core';
import type { Masked } from '@cloister/redaction';
import type { PromptMessage, PromptParts, PromptSource } from './prompt-parts.ts';
import { trusted } from './trusted.ts';

// Type tests: a prompt is made of masked and trusted text, and a message holds nothing else.

declare const masked: Masked;
declare const restored: Restored;
declare const raw: string;

const source = { document: 'a', chunk: 0, label: 'public' } as const;
export const good: PromptParts = {
  instructions: trusted`Answer.`,
  question: masked,
  sources: [{ ...source, text: masked }],
};
// @ts-expect-error -- a question that nobody masked
export const question: Pick<PromptParts, 'question'> = { question: raw };
// @ts-expect-error -- a source that nobody masked
export const chunk: PromptSource = { ...source, text: raw };
// @ts-expect-error -- an answer goes back only through the redactor
export const turn: PromptSource = { ...source, text: restored };
// @ts-expect-error -- instructions that are no template
export const instructions: Pick<PromptParts, 'instructions'> = { instructions: masked };
// @ts-expect-error -- text of a user in the instructions
void trusted`Answer ${raw}.`;
// @ts-expect-error -- what is sent comes from the assembler
export const message: PromptMessage = { role: 'user', content: raw };
