import { utf8 } from '@cloister/core';
import { assemblePrompt, type AssembledPrompt } from '@cloister/prompt';
import type { ArrowNotes } from '../arrow.ts';
import type { AskOptions } from '../ask-options.ts';
import type { Chain } from '../chain.ts';
import type { OpenSession } from '../session.ts';
import type { MaskedParts } from './redact.ts';

/** -> prompt: trusted and untrusted parts in their own places, whole sources within the token budget. */
export function assemble(
  chain: Chain,
  session: OpenSession,
  parts: MaskedParts,
  options: AskOptions,
  notes: ArrowNotes,
): AssembledPrompt {
  const { contextTokens, answerTokens } = chain.inference;
  const prompt = assemblePrompt(
    { instructions: chain.instructions, question: parts.question, sources: parts.sources, history: parts.history },
    {
      tokenizer: chain.tokenizer,
      ...(chain.template === undefined ? {} : { template: chain.template }),
      canary: session.canary,
      maxTokens: contextTokens - answerTokens,
      clearance: chain.claims.clearance,
      questionLabel: parts.questionLabel,
    },
  );
  notes.checked.push(`label ${prompt.label}`, `tokens ${prompt.tokens}`, `dropped ${prompt.dropped.length}`);
  notes.bytes = prompt.messages.reduce((sum, message) => sum + utf8(message.content).length, 0);
  notes.attributes = { 'cloister.sources': prompt.sources.length, 'cloister.classification': prompt.label };
  options.observer?.prompt?.(prompt);
  return prompt;
}
