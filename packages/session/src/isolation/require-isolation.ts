import { isCloisterError, type CloisterError } from '@cloister/core';
import { sessionError } from '../errors.ts';
import type { IsolationCode, IsolationReport } from './isolation-report.ts';

/** Whether an error is one of those that a report carries. */
export function isIsolationError(error: unknown): error is CloisterError<IsolationCode> {
  return isCloisterError(error) && error.code.startsWith('ERR_SESSION_ISOLATION_');
}

/**
 * Turns a report into a refusal.
 * @param least what is enough: `isolated`, or also `salt-honoured` for a client without a second principal
 * @throws CloisterError with the report's code; `ERR_SESSION_ISOLATION_ONE_PRINCIPAL` when a second one was needed
 */
export function requireIsolation(report: IsolationReport, least: 'isolated' | 'salt-honoured' = 'isolated'): void {
  if (report.verdict === 'isolated' || report.verdict === least) return;
  throw sessionError(report.code ?? 'ERR_SESSION_ISOLATION_ONE_PRINCIPAL');
}
