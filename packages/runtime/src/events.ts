import { createAuditEvent, type AuditEventFields } from '@cloister/audit';
import { isCloisterError, type AuditRecord, type AuditSink } from '@cloister/core';
import { runtimeError } from './errors.ts';

/**
 * Records an event durably before the caller goes on.
 * @throws CloisterError `ERR_RUNTIME_AUDIT_UNAVAILABLE` when the sink does not take it: no record, no inference
 */
export async function recordEvent(audit: AuditSink, fields: AuditEventFields): Promise<AuditRecord> {
  try {
    return await audit.record(createAuditEvent(fields));
  } catch (error) {
    throw runtimeError('ERR_RUNTIME_AUDIT_UNAVAILABLE', isCloisterError(error) ? { cause: error } : {});
  }
}
