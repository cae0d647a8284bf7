import type { Restored } from '@cloister/core';
import { createAuditEvent } from './create-audit-event.ts';

// Type tests: no event of the log can be given restored text.

declare const restored: Restored;
declare const plain: string;

const rotate = { type: 'audit.rotate', outcome: 'allow', segment: 1, size: 1 } as const;
createAuditEvent({ ...rotate, root: plain });
// @ts-expect-error -- the same with text of an answer
createAuditEvent({ ...rotate, root: restored });
