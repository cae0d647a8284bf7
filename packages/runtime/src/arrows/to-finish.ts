import type { AuditFinish } from '@cloister/core';

const FINISHES: readonly AuditFinish[] = ['stop', 'length', 'content_filter', 'tool_calls'];

/** The word of the list for what the server said. */
export function toFinish(reason: string): AuditFinish {
  return FINISHES.find((finish) => finish === reason) ?? 'error';
}
