import { writeFileSync } from 'node:fs';
import inspector from 'node:inspector';
import process from 'node:process';
import type { Classification } from '@cloister/core';
import { hostError } from '../errors.ts';
import { type HardeningFinding, inspectProcess } from './inspect-process.ts';
import { LIMITS, TELEMETRY_OFF } from './rules.ts';

/** How strictly a process is judged that `hardenProcess` hardens. */
export interface HardeningOptions {
  /** The highest class of data that this process handles. Default `restricted`, the strictest. */
  readonly classification?: Classification;
}

/** What was done and what was found. */
export interface HardeningReport {
  /** What is in force now, by name. */
  readonly done: readonly string[];
  /** What this machine does not have, by name. */
  readonly missing: readonly string[];
  /** What was found and not refused. */
  readonly warnings: readonly HardeningFinding[];
  /** What no JavaScript can do, in sentences. */
  readonly limits: readonly string[];
}

const ignore = (): void => undefined;

/**
 * Makes this process keep its memory to itself: core dumps without data, no inspector by signal, no reports, telemetry of
 * libraries off. May run again.
 * @throws ERR_HOST_PROCESS_UNSAFE when the process was started with something that lets data out; `subject` names the first
 */
export function hardenProcess(options: HardeningOptions = {}): HardeningReport {
  const { classification = 'restricted' } = options;
  const facts = { execArgv: process.execArgv, env: process.env, inspectorUrl: inspector.url() };
  const findings = inspectProcess(facts, classification);
  const refused = findings.find(({ action }) => action === 'refuse');
  if (refused !== undefined) throw hostError('ERR_HOST_PROCESS_UNSAFE', { subject: refused.subject });
  disarmInspector();
  silenceReports();
  Object.assign(process.env, TELEMETRY_OFF);
  const filtered = filterCoreDumps();
  return Object.freeze({
    done: ['inspector.signal', 'reports', 'telemetry', ...(filtered ? ['core-dumps'] : [])],
    missing: filtered ? [] : ['core-dumps'],
    warnings: findings,
    limits: LIMITS,
  });
}

/** Node opens the inspector on SIGUSR1 unless somebody listens to that signal. */
function disarmInspector(): void {
  if (process.platform === 'win32') return;
  process.off('SIGUSR1', ignore);
  process.on('SIGUSR1', ignore);
}

function silenceReports(): void {
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
  // A report that is asked for by code still leaves these out, where this Node can.
  Object.assign(report, { excludeEnv: true, excludeNetwork: true });
}

/** Linux leaves out of a dump what this mask does not name: with 0 there is no memory in it. */
function filterCoreDumps(): boolean {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
    return true;
  } catch {
    return false;
  }
}
