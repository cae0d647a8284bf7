import { CLASSIFICATIONS, isDeclaredErrorCode } from '@cloister/core';
import type {
  AuditCacheScope,
  AuditFinish,
  AuditReference,
  AuditReferenceKind,
  Classification,
  ErrorCode,
  Unrestored,
} from '@cloister/core';
import type { LabelKind, LabelRegistry } from '../events/create-label-registry.ts';
import { referencePattern } from '../events/create-pseudonymizer.ts';

/**
 * Everything that a span of ours can say. Names are those of OpenTelemetry's semantic conventions where they have one (the
 * GenAI ones as of 2026-07); none of them holds content: no text member exists but names that the operator registered, and
 * references that only a holder of the tenant's key can link. Counts of cached tokens and the time to the first one are left
 * out, because they tell tenants about each other's prompts.
 */
export interface OwnSpanAttributes {
  readonly 'gen_ai.operation.name'?: 'invoke_workflow' | 'retrieval' | 'chat';
  readonly 'gen_ai.provider.name'?: 'vllm';
  /** A registered model. */
  readonly 'gen_ai.request.model'?: Unrestored;
  readonly 'gen_ai.request.max_tokens'?: number;
  readonly 'gen_ai.request.stream'?: boolean;
  readonly 'gen_ai.response.finish_reasons'?: readonly AuditFinish[];
  readonly 'gen_ai.usage.input_tokens'?: number;
  readonly 'gen_ai.usage.output_tokens'?: number;
  readonly 'gen_ai.conversation.id'?: AuditReference<'session'>;
  /** A registered collection. */
  readonly 'gen_ai.data_source.id'?: Unrestored;
  readonly 'db.response.returned_rows'?: number;
  readonly 'enduser.pseudo.id'?: AuditReference<'actor'>;
  readonly 'error.type'?: ErrorCode;
  readonly 'cloister.tenant'?: AuditReference<'tenant'>;
  readonly 'cloister.request'?: AuditReference<'request'>;
  /** Where the audit log holds the end of the inference. */
  readonly 'cloister.audit.index'?: number;
  readonly 'cloister.cache.scope'?: AuditCacheScope;
  readonly 'cloister.classification'?: Classification;
  readonly 'cloister.tee'?: 'tdx' | 'sev-snp';
  readonly 'cloister.simulated'?: boolean;
  /** Values that were masked. */
  readonly 'cloister.redactions'?: number;
  /** Sources in the prompt. */
  readonly 'cloister.sources'?: number;
}

type Check = (value: unknown, registry: LabelRegistry) => boolean;

const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const flag: Check = (value) => typeof value === 'boolean';
const word =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const label =
  (kind: LabelKind): Check =>
  (value, registry) =>
    typeof value === 'string' && registry.has(kind, value);
const reference = (kind: AuditReferenceKind): Check => {
  const pattern = referencePattern(kind);
  return (value) => typeof value === 'string' && pattern.test(value);
};
const finish = word('stop', 'length', 'content_filter', 'tool_calls', 'cancelled', 'error');

const CHECKS: Readonly<Record<keyof OwnSpanAttributes, Check>> = {
  'gen_ai.operation.name': word('invoke_workflow', 'retrieval', 'chat'),
  'gen_ai.provider.name': word('vllm'),
  'gen_ai.request.model': label('model'),
  'gen_ai.request.max_tokens': count,
  'gen_ai.request.stream': flag,
  'gen_ai.response.finish_reasons': (value, registry) =>
    Array.isArray(value) && value.length <= 8 && value.every((reason) => finish(reason, registry)),
  'gen_ai.usage.input_tokens': count,
  'gen_ai.usage.output_tokens': count,
  'gen_ai.conversation.id': reference('session'),
  'gen_ai.data_source.id': label('collection'),
  'db.response.returned_rows': count,
  'enduser.pseudo.id': reference('actor'),
  'error.type': isDeclaredErrorCode,
  'cloister.tenant': reference('tenant'),
  'cloister.request': reference('request'),
  'cloister.audit.index': count,
  'cloister.cache.scope': word('request', 'session', 'user', 'tenant', 'group'),
  'cloister.classification': word(...CLASSIFICATIONS),
  'cloister.tee': word('tdx', 'sev-snp'),
  'cloister.simulated': flag,
  'cloister.redactions': count,
  'cloister.sources': count,
};

/** The attributes that are on the list and hold what the list says, as copies; the rest is left out. */
export function selectOwnAttributes(given: object, registry: LabelRegistry): OwnSpanAttributes {
  const kept: [string, unknown][] = [];
  for (const name of Object.keys(CHECKS) as (keyof OwnSpanAttributes)[]) {
    const member = Object.getOwnPropertyDescriptor(given, name);
    const value: unknown = Array.isArray(member?.value) ? [...(member.value as unknown[])] : member?.value;
    if (member !== undefined && CHECKS[name](value, registry)) kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}
