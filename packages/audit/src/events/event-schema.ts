import type { AuditEvent } from '@cloister/core';
import * as z from 'zod';
import type { LabelRegistry } from './create-label-registry.ts';
import { classification, count, createEventWords, digest, reference, signature } from './event-words.ts';
import type { EventWords } from './event-words.ts';

/**
 * The strict schema of all events. No member is a free text: enums, whole numbers, digests, references, registered
 * labels and declared error codes are all there is (DESIGN 6.7).
 * @param registry the names that may appear; without one a label needs only the right form, as an offline verifier has it
 */
export function createEventSchema(registry?: LabelRegistry): z.ZodType<AuditEvent> {
  const words = createEventWords(registry);
  return z.discriminatedUnion('type', [
    inferenceBegin(words),
    inferenceEnd(words),
    retrievalQuery(words),
    attestationVerify(words),
    sessionOpen(),
    sessionEnd(),
    isolationProve(words),
    ingest(words),
    securityRefused(words),
    auditOpen(),
    auditEpoch(),
    auditRotate(),
    auditGap(),
    auditRetain(),
  ]) satisfies z.ZodType<AuditEvent>;
}

const envelope = {
  v: z.literal(1),
  id: z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
  ts: count,
  outcome: z.enum(['allow', 'deny', 'error', 'cancelled']),
} as const;
const context = { tenant: reference('tenant'), actor: reference('actor'), request: reference('request') } as const;
const scope = z.enum(['request', 'session', 'user', 'tenant', 'group']);

const inferenceBegin = ({ model, redactions }: EventWords) =>
  z.strictObject({
    ...envelope,
    ...context,
    type: z.literal('inference.begin'),
    model,
    evidence: digest,
    policy: digest,
    session: reference('session').exactOptional(),
    scope,
    label: classification,
    stream: z.boolean(),
    sources: count,
    redactions,
  });

const inferenceEnd = ({ model, code }: EventWords) =>
  z.strictObject({
    ...envelope,
    ...context,
    type: z.literal('inference.end'),
    model,
    finish: z.enum(['stop', 'length', 'content_filter', 'tool_calls', 'cancelled', 'error']),
    tokens: z.strictObject({ input: count, output: count, cached: count.exactOptional() }),
    citations: z.strictObject({ valid: count, unknown: count }),
    ms: count,
    firstMs: count.exactOptional(),
    receipt: digest.exactOptional(),
    code: code.exactOptional(),
  });

const retrievalQuery = ({ collection, code }: EventWords) =>
  z.strictObject({
    ...envelope,
    ...context,
    type: z.literal('retrieval.query'),
    collection,
    mode: z.enum(['sealed', 'cells', 'prefix', 'plain']),
    limit: count,
    scanned: count,
    returned: count,
    refusedByAcl: count,
    refusedByStore: count,
    rollback: z.enum(['checked', 'not-detected']),
    ms: count,
    code: code.exactOptional(),
  });

const attestationVerify = ({ code }: EventWords) =>
  z.strictObject({
    ...envelope,
    type: z.literal('attestation.verify'),
    tee: z.enum(['tdx', 'sev-snp']),
    simulated: z.boolean(),
    verdict: z.enum(['accept', 'reject']),
    tcb: z
      .enum([
        'UpToDate',
        'SWHardeningNeeded',
        'ConfigurationNeeded',
        'ConfigurationAndSWHardeningNeeded',
        'OutOfDate',
        'OutOfDateConfigurationNeeded',
        'Revoked',
      ])
      .exactOptional(),
    evidence: digest.exactOptional(),
    policy: digest.exactOptional(),
    ms: count,
    code: code.exactOptional(),
  });

const sessionOpen = () =>
  z.strictObject({ ...envelope, ...context, type: z.literal('session.open'), session: reference('session'), scope });

const sessionEnd = () =>
  z.strictObject({
    ...envelope,
    ...context,
    type: z.literal('session.end'),
    session: reference('session'),
    reason: z.enum(['ended', 'expired', 'evicted', 'error']),
  });

const isolationProve = ({ code }: EventWords) =>
  z.strictObject({
    ...envelope,
    type: z.literal('isolation.prove'),
    verdict: z.enum(['isolated', 'salt-honoured', 'one-tenant', 'failed', 'inconclusive']),
    arms: count,
    engine: digest.exactOptional(),
    ms: count,
    code: code.exactOptional(),
  });

const ingest = ({ collection, code }: EventWords) =>
  z.strictObject({
    ...envelope,
    ...context,
    type: z.literal('ingest'),
    collection,
    documents: count,
    chunks: count,
    skipped: count,
    label: classification,
    ms: count,
    code: code.exactOptional(),
  });

const securityRefused = ({ code }: EventWords) =>
  z.strictObject({
    ...envelope,
    type: z.literal('security.refused'),
    tenant: context.tenant.exactOptional(),
    actor: context.actor.exactOptional(),
    request: context.request.exactOptional(),
    stage: z.enum([
      'evidence',
      'channel',
      'tenancy',
      'retrieval',
      'redaction',
      'prompt',
      'session',
      'inference',
      'receipt',
      'audit',
      'gateway',
    ]),
    code,
  });

const auditOpen = () =>
  z.strictObject({
    ...envelope,
    type: z.literal('audit.open'),
    size: count,
    root: digest,
    key: z.string().regex(/^[0-9a-f]{8}$/),
    cutBytes: count,
  });

const auditEpoch = () =>
  z.strictObject({
    ...envelope,
    type: z.literal('audit.epoch'),
    epoch: count,
    key: digest,
    size: count,
    root: digest,
    certificate: signature,
    evidence: digest.exactOptional(),
  });

const auditRotate = () =>
  z.strictObject({ ...envelope, type: z.literal('audit.rotate'), segment: count, size: count, root: digest });

const auditGap = () => z.strictObject({ ...envelope, type: z.literal('audit.gap'), events: count });

const auditRetain = () => z.strictObject({ ...envelope, type: z.literal('audit.retain'), first: count });
