import type { Restored } from '@cloister/core';
import type { OwnSpanAttributes } from './own-attributes.ts';
import type { OwnSpan } from './span-sink.ts';

// Type tests: no span of ours can be given content.

declare const restored: Restored;
declare const text: string;
declare const span: OwnSpan;

span.set({ 'gen_ai.request.model': text, 'gen_ai.usage.input_tokens': 1 });
// @ts-expect-error -- text of an answer is no name of a model
span.set({ 'gen_ai.request.model': restored });
// @ts-expect-error -- no attribute for content exists
span.set({ 'gen_ai.input.messages': text });
// @ts-expect-error -- identities enter as pseudonyms only
span.set({ 'enduser.pseudo.id': text });
// @ts-expect-error -- operations are a closed list
const attributes: OwnSpanAttributes = { 'gen_ai.operation.name': text };
span.set(attributes);
// @ts-expect-error -- errors enter by their code
span.end(new Error(text));
