import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditEvent } from '@cloister/audit';
import { readLog } from '@cloister/audit/node';
import type { AuditEvent } from '@cloister/core';
import { afterAll } from 'vitest';

/** Fresh directories that are gone after the tests of a file. */
export function useScratch(): () => string {
  const scratch = mkdtempSync(join(tmpdir(), 'cloister-audit-'));
  let counter = 0;
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  return () => join(scratch, String(counter++));
}

/** For logs of tests that are not about waiting: a busy machine is no broken disk. */
export const PATIENT: { readonly maxWait: number } = { maxWait: 30_000 };

/** An event that needs no registered label. */
export function refusal(): AuditEvent {
  return createAuditEvent({ type: 'security.refused', outcome: 'deny', stage: 'audit', code: 'ERR_AUDIT_EVENT' });
}

/** Ids of all stored events by index. */
export async function storedIds(directory: string): Promise<ReadonlyMap<number, string>> {
  const ids = new Map<number, string>();
  for await (const { index, event } of readLog(directory)) ids.set(index, event.id);
  return ids;
}

/** The size of a lane: the number in an environment variable, else a small one. */
export function laneSize(variable: string, small: number): number {
  return Number(process.env[variable] ?? small);
}
