export { assemblePrompt, type AssembledPrompt, type AssembleOptions } from './assemble-prompt.ts';
export { createCanary } from './create-canary.ts';
export { cleanText, type CleanedText } from './clean-text.ts';
export { createOutputGuard, type OutputGuard, type OutputGuardOptions } from './output-guard/create-output-guard.ts';
export type { PromptErrorCode } from './errors.ts';
export { escapeControlTokens, escapeMarkup, type EscapedText } from './escape-markup.ts';
export type { SanitizedCounts } from './inert-text.ts';
export type {
  DroppedSource,
  NumberedSource,
  PromptMessage,
  PromptParts,
  PromptSource,
  PromptTurn,
} from './prompt-parts.ts';
export { scoreInjection, type InjectionClassifier, type InjectionScore } from './score-injection.ts';
export { trusted, type Trusted } from './trusted.ts';
export { validateCitations, type CitationReport } from './validate-citations.ts';
