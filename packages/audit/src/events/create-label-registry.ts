import type { AuditLabels } from '@cloister/core';
import { auditError } from '../errors.ts';

/** What a label names. */
export type LabelKind = keyof AuditLabels;

/** Names that may appear in events. */
export interface LabelRegistry {
  /** @throws CloisterError `ERR_AUDIT_LABEL` on a malformed name or beyond 1024 names of a kind */
  register(labels: AuditLabels): void;
  has(kind: LabelKind, label: string): boolean;
}

const KINDS: readonly LabelKind[] = ['model', 'collection', 'redaction'];
const MAX_LABELS = 1024;

/** Texts that can be a label at all. */
export const LABEL: RegExp = /^[A-Za-z0-9/][A-Za-z0-9._:/@-]{0,127}$/;

/** An empty registry. */
export function createLabelRegistry(): LabelRegistry {
  const known = new Map<LabelKind, Set<string>>(KINDS.map((kind) => [kind, new Set()]));
  return {
    register(labels) {
      for (const kind of KINDS) for (const label of labels[kind] ?? []) add(known.get(kind), kind, label);
    },
    has: (kind, label) => known.get(kind)?.has(label) === true,
  };
}

function add(names: Set<string> | undefined, kind: LabelKind, label: string): void {
  if (typeof label !== 'string' || !LABEL.test(label) || names === undefined || names.size >= MAX_LABELS) {
    throw auditError('ERR_AUDIT_LABEL', { subject: kind });
  }
  names.add(label);
}
