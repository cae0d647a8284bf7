import type { Restored } from '@cloister/core';
import type { AnswerResult } from '../ask-options.ts';
import type { Chain } from '../chain.ts';
import { recordEvent } from '../events.ts';
import { generate } from './generate.ts';

// Type tests: what leaves is masked, what returns is restored and goes into no event.

declare const chain: Chain;
declare const answer: AnswerResult;
declare const rest: Parameters<typeof generate> extends [unknown, unknown, ...infer Rest] ? Rest : never;

export const text: Restored = answer.text;
void generate(chain, answer.prompt, ...rest);
// @ts-expect-error -- a prompt written by hand
void generate(chain, { ...answer.prompt, messages: [{ role: 'user', content: 'raw' }] }, ...rest);
const rotate = { type: 'audit.rotate', outcome: 'allow', segment: 1, size: 1 } as const;
void recordEvent(chain.audit, { ...rotate, root: 'ab' });
// @ts-expect-error -- an answer as a field of an event
void recordEvent(chain.audit, { ...rotate, root: answer.text });
