import { covers } from '@cloister/core';
import type { RecordAccess } from '../record/record-head.ts';

/** The access that both allow: the higher label, the groups in both, the compartments of either, the earlier end. */
export function tightenAccess(source: RecordAccess, own: RecordAccess): RecordAccess {
  return {
    label: covers(source.label, own.label) ? source.label : own.label,
    acl: own.acl.filter((group) => source.acl.includes(group)),
    compartments: [...new Set([...source.compartments, ...own.compartments])].toSorted(),
    retention: earlier(source.retention, own.retention),
  };
}

/** `null` is for ever. */
function earlier(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}
