import type { AuditEvent } from '@cloister/core';

// Written by write-docs from the schema of the events. Do not edit; change the schema.

type EventOf<Type extends AuditEvent['type']> = Extract<AuditEvent, { readonly type: Type }>;

/**
 * The canonical JSON (RFC 8785) of an event that the schema has accepted: members in their order, and no escapes, because no
 * text of an event holds a character that needs one.
 */
export function writeEvent(event: AuditEvent): string {
  switch (event.type) {
    case 'inference.begin':
      return writeInferenceBegin(event);
    case 'inference.end':
      return writeInferenceEnd(event);
    case 'retrieval.query':
      return writeRetrievalQuery(event);
    case 'attestation.verify':
      return writeAttestationVerify(event);
    case 'session.open':
      return writeSessionOpen(event);
    case 'session.end':
      return writeSessionEnd(event);
    case 'isolation.prove':
      return writeIsolationProve(event);
    case 'ingest':
      return writeIngest(event);
    case 'security.refused':
      return writeSecurityRefused(event);
    case 'audit.open':
      return writeAuditOpen(event);
    case 'audit.epoch':
      return writeAuditEpoch(event);
    case 'audit.rotate':
      return writeAuditRotate(event);
    case 'audit.gap':
      return writeAuditGap(event);
    case 'audit.retain':
      return writeAuditRetain(event);
  }
}

function writeInferenceBegin(event: EventOf<'inference.begin'>): string {
  return `{"actor":"${event.actor}","evidence":"${event.evidence}","id":"${event.id}","label":"${event.label}","model":"${event.model}","outcome":"${event.outcome}","policy":"${event.policy}","redactions":{${writeCounts(event.redactions)}},"request":"${event.request}","scope":"${event.scope}"${event.session === undefined ? '' : `,"session":"${event.session}"`},"sources":${event.sources},"stream":${event.stream},"tenant":"${event.tenant}","ts":${event.ts},"type":"inference.begin","v":1}`;
}

function writeInferenceEnd(event: EventOf<'inference.end'>): string {
  return `{"actor":"${event.actor}","citations":{"unknown":${event.citations.unknown},"valid":${event.citations.valid}}${event.code === undefined ? '' : `,"code":"${event.code}"`},"finish":"${event.finish}"${event.firstMs === undefined ? '' : `,"firstMs":${event.firstMs}`},"id":"${event.id}","model":"${event.model}","ms":${event.ms},"outcome":"${event.outcome}"${event.receipt === undefined ? '' : `,"receipt":"${event.receipt}"`},"request":"${event.request}","tenant":"${event.tenant}","tokens":{${event.tokens.cached === undefined ? '' : `"cached":${event.tokens.cached},`}"input":${event.tokens.input},"output":${event.tokens.output}},"ts":${event.ts},"type":"inference.end","v":1}`;
}

function writeRetrievalQuery(event: EventOf<'retrieval.query'>): string {
  return `{"actor":"${event.actor}"${event.code === undefined ? '' : `,"code":"${event.code}"`},"collection":"${event.collection}","id":"${event.id}","limit":${event.limit},"mode":"${event.mode}","ms":${event.ms},"outcome":"${event.outcome}","refusedByAcl":${event.refusedByAcl},"refusedByStore":${event.refusedByStore},"request":"${event.request}","returned":${event.returned},"rollback":"${event.rollback}","scanned":${event.scanned},"tenant":"${event.tenant}","ts":${event.ts},"type":"retrieval.query","v":1}`;
}

function writeAttestationVerify(event: EventOf<'attestation.verify'>): string {
  return `{${event.code === undefined ? '' : `"code":"${event.code}",`}${event.evidence === undefined ? '' : `"evidence":"${event.evidence}",`}"id":"${event.id}","ms":${event.ms},"outcome":"${event.outcome}"${event.policy === undefined ? '' : `,"policy":"${event.policy}"`},"simulated":${event.simulated}${event.tcb === undefined ? '' : `,"tcb":"${event.tcb}"`},"tee":"${event.tee}","ts":${event.ts},"type":"attestation.verify","v":1,"verdict":"${event.verdict}"}`;
}

function writeSessionOpen(event: EventOf<'session.open'>): string {
  return `{"actor":"${event.actor}","id":"${event.id}","outcome":"${event.outcome}","request":"${event.request}","scope":"${event.scope}","session":"${event.session}","tenant":"${event.tenant}","ts":${event.ts},"type":"session.open","v":1}`;
}

function writeSessionEnd(event: EventOf<'session.end'>): string {
  return `{"actor":"${event.actor}","id":"${event.id}","outcome":"${event.outcome}","reason":"${event.reason}","request":"${event.request}","session":"${event.session}","tenant":"${event.tenant}","ts":${event.ts},"type":"session.end","v":1}`;
}

function writeIsolationProve(event: EventOf<'isolation.prove'>): string {
  return `{"arms":${event.arms}${event.code === undefined ? '' : `,"code":"${event.code}"`}${event.engine === undefined ? '' : `,"engine":"${event.engine}"`},"id":"${event.id}","ms":${event.ms},"outcome":"${event.outcome}","ts":${event.ts},"type":"isolation.prove","v":1,"verdict":"${event.verdict}"}`;
}

function writeIngest(event: EventOf<'ingest'>): string {
  return `{"actor":"${event.actor}","chunks":${event.chunks}${event.code === undefined ? '' : `,"code":"${event.code}"`},"collection":"${event.collection}","documents":${event.documents},"id":"${event.id}","label":"${event.label}","ms":${event.ms},"outcome":"${event.outcome}","request":"${event.request}","skipped":${event.skipped},"tenant":"${event.tenant}","ts":${event.ts},"type":"ingest","v":1}`;
}

function writeSecurityRefused(event: EventOf<'security.refused'>): string {
  return `{${event.actor === undefined ? '' : `"actor":"${event.actor}",`}"code":"${event.code}","id":"${event.id}","outcome":"${event.outcome}"${event.request === undefined ? '' : `,"request":"${event.request}"`},"stage":"${event.stage}"${event.tenant === undefined ? '' : `,"tenant":"${event.tenant}"`},"ts":${event.ts},"type":"security.refused","v":1}`;
}

function writeAuditOpen(event: EventOf<'audit.open'>): string {
  return `{"cutBytes":${event.cutBytes},"id":"${event.id}","key":"${event.key}","outcome":"${event.outcome}","root":"${event.root}","size":${event.size},"ts":${event.ts},"type":"audit.open","v":1}`;
}

function writeAuditEpoch(event: EventOf<'audit.epoch'>): string {
  return `{"certificate":"${event.certificate}","epoch":${event.epoch}${event.evidence === undefined ? '' : `,"evidence":"${event.evidence}"`},"id":"${event.id}","key":"${event.key}","outcome":"${event.outcome}","root":"${event.root}","size":${event.size},"ts":${event.ts},"type":"audit.epoch","v":1}`;
}

function writeAuditRotate(event: EventOf<'audit.rotate'>): string {
  return `{"id":"${event.id}","outcome":"${event.outcome}","root":"${event.root}","segment":${event.segment},"size":${event.size},"ts":${event.ts},"type":"audit.rotate","v":1}`;
}

function writeAuditGap(event: EventOf<'audit.gap'>): string {
  return `{"events":${event.events},"id":"${event.id}","outcome":"${event.outcome}","ts":${event.ts},"type":"audit.gap","v":1}`;
}

function writeAuditRetain(event: EventOf<'audit.retain'>): string {
  return `{"first":${event.first},"id":"${event.id}","outcome":"${event.outcome}","ts":${event.ts},"type":"audit.retain","v":1}`;
}

function writeCounts(counts: Readonly<Record<string, number>>): string {
  const names = Object.keys(counts);
  if (names.length > 1) names.sort();
  return names.map((name) => `"${name}":${counts[name]}`).join(',');
}
