import type { AuditLabels, Restored } from '@cloister/core';
import { createAuditEvent } from './create-audit-event.ts';

// Type tests: no event of the log can be given restored text.

declare const restored: Restored;
declare const labels: AuditLabels;

const gap = { type: 'audit.rotate', outcome: 'allow', size: 1, key: 'a key' } as const;
export const collections: readonly string[] = labels.collection ?? [];
// @ts-expect-error -- a root is a digest, never text of an answer
createAuditEvent({ ...gap, root: restored });
