import { CLASSIFICATIONS, isDeclaredErrorCode } from '@cloister/core';
import type { AuditReference, AuditReferenceKind, ErrorCode } from '@cloister/core';
import * as z from 'zod';
import { LABEL } from './create-label-registry.ts';
import type { LabelKind, LabelRegistry } from './create-label-registry.ts';
import { referencePattern } from './create-pseudonymizer.ts';

const CODE = /^ERR_[A-Z0-9_]{1,60}$/;

/** A whole number from 0 to 2^53 - 1. */
export const count: z.ZodType<number> = z.int().min(0);

/** A SHA-256 in 64 lower-case hex digits. */
export const digest: z.ZodType<string> = z.string().regex(/^[0-9a-f]{64}$/);

/** An Ed25519 signature in 128 lower-case hex digits. */
export const signature: z.ZodType<string> = z.string().regex(/^[0-9a-f]{128}$/);

/** One of the four classes. */
export const classification: z.ZodEnum<{ [Class in (typeof CLASSIFICATIONS)[number]]: Class }> =
  z.enum(CLASSIFICATIONS);

/** A reference of one kind. */
export function reference<const Kind extends AuditReferenceKind>(kind: Kind): z.ZodCustom<AuditReference<Kind>> {
  const pattern = referencePattern(kind);
  return z.custom<AuditReference<Kind>>((value) => typeof value === 'string' && pattern.test(value));
}

/** The words of an event that depend on what is registered. */
export interface EventWords {
  readonly model: z.ZodType<string>;
  readonly collection: z.ZodType<string>;
  readonly redactions: z.ZodType<Readonly<Record<string, number>>>;
  readonly code: z.ZodType<ErrorCode>;
}

/** With a registry only registered labels and declared codes count; without one the right form is enough. */
export function createEventWords(registry?: LabelRegistry): EventWords {
  const label = (kind: LabelKind): z.ZodType<string> =>
    z.custom<string>((value) => isLabel(value) && (registry?.has(kind, value) ?? true));
  return {
    model: label('model'),
    collection: label('collection'),
    redactions: z.record(label('redaction'), count).refine((types) => Object.keys(types).length <= 64),
    code: z.custom<ErrorCode>((value) => isCode(value) && (registry === undefined || isDeclaredErrorCode(value))),
  };
}

function isLabel(value: unknown): value is string {
  return typeof value === 'string' && LABEL.test(value);
}

function isCode(value: unknown): boolean {
  return typeof value === 'string' && CODE.test(value);
}
