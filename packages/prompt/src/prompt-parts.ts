import type { Classification } from '@cloister/core';
import type { Masked } from '@cloister/redaction';
import type { Trusted } from './trusted.ts';

/** One retrieved chunk. */
export interface PromptSource {
  readonly document: string;
  /** Zero-based chunk of the document. */
  readonly chunk: number;
  readonly text: Masked;
  readonly label: Classification;
  /** Joins its words by a mark, so that each says that it is quoted: for prose whose author nobody knows. Costs tokens. */
  readonly datamark?: boolean;
}

/** One earlier turn of the conversation. */
export interface PromptTurn {
  readonly role: 'user' | 'assistant';
  readonly text: Masked;
  readonly label: Classification;
}

/** What a prompt is made of. Trusted and untrusted text have types that do not fit in each other's place. */
export interface PromptParts {
  readonly instructions: Trusted;
  readonly question: Masked;
  /** In order of rank. */
  readonly sources: readonly PromptSource[];
  /** Oldest first. */
  readonly history?: readonly PromptTurn[];
}

/** One message as the model's server takes it. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  /** Trusted text and masked text, and nothing else: what a server may be sent. */
  readonly content: Masked;
}

/** A number the model may cite and what it stands for. */
export interface NumberedSource {
  /** From 1. */
  readonly number: number;
  readonly document: string;
  readonly chunk: number;
}

/** A chunk that did not get into the prompt. */
export interface DroppedSource {
  readonly document: string;
  readonly chunk: number;
  readonly reason: 'clearance' | 'budget';
}
