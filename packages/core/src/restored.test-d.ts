import type { InferenceEndEvent } from './audit-sink.ts';
import type { Restored, Unrestored } from './restored.ts';

// Type tests: what must not be written is expected to be an error, and the check fails when it is none.

declare const restored: Restored;

const plain: Unrestored = 'a model';
const read: string = restored;
// @ts-expect-error -- restored text is for a reader
const kept: Unrestored = restored;
export const model: Pick<InferenceEndEvent, 'model'> = { model: plain };
// @ts-expect-error -- an audit event takes no restored text
export const leaked: Pick<InferenceEndEvent, 'model'> = { model: restored };
// @ts-expect-error -- and no look-alike of one is made by hand
export const forged: Restored = `${read}${kept}`;
