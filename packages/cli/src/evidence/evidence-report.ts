import type { ErrorCode, JsonObject } from '@cloister/core';
import { EXIT, type Verdict } from '../exit-status.ts';
import type { Terminal } from '../terminal.ts';

/** One line of a verdict. */
export interface ReportedCheck {
  readonly id: string;
  readonly result: 'pass' | 'fail' | 'skip';
  readonly reason?: string;
}

/** What a command says about evidence. */
export interface EvidenceReport {
  readonly verdict: Verdict;
  /** What was judged, for example `TDX quote, version 4`. */
  readonly subject: string;
  /** `true` when it ends in another root than the vendor's; absent when no root was reached. */
  readonly simulated?: boolean;
  /** Why it was not accepted. */
  readonly refusal?: { readonly code: ErrorCode; readonly message: string; readonly fix: string };
  /** Time of the verdict, ms since the epoch. */
  readonly at: number;
  /** Until when it may be relied on, ms since the epoch. */
  readonly expiresAt?: number;
  readonly tcbStatus?: string;
  readonly advisories?: readonly string[];
  readonly checks: readonly ReportedCheck[];
  /** What the evidence states, by name: values to pin in a policy. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Prints a report, the verdict first, and returns the exit status. */
export function printReport(report: EvidenceReport, terminal: Terminal, isJson: boolean): number {
  if (isJson) terminal.json(toJson(report));
  else for (const line of renderReport(report, terminal)) terminal.line(line);
  return EXIT[report.verdict];
}

function toJson(report: EvidenceReport): JsonObject {
  const { at, expiresAt, ...rest } = report;
  const end = expiresAt === undefined ? {} : { expiresAt: isoTime(expiresAt) };
  return { ...(rest as unknown as JsonObject), at: isoTime(at), ...end };
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function* renderReport(report: EvidenceReport, terminal: Terminal): Generator<string> {
  const { verdict, subject, refusal, checks, fields } = report;
  const isGood = verdict === 'accept';
  const mark = report.simulated === true ? `  ${terminal.paint('bad', 'SIMULATED')}` : '';
  yield `${terminal.paint(isGood ? 'good' : 'bad', verdict.toUpperCase())}  ${subject}${mark}`;
  if (refusal !== undefined) yield* [`  ${refusal.message}`, `  ${refusal.fix}`, `  ${refusal.code}`];
  yield* rows(summarise(report)).map((row) => `  ${row}`);
  if (checks.length > 0) yield '';
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  for (const check of checks) yield renderCheck(check, width, terminal);
  if (Object.keys(fields).length > 0) yield '';
  yield* rows(Object.entries(fields)).map((row) => `  ${row}`);
}

function summarise({
  at,
  expiresAt,
  tcbStatus,
  advisories,
  checks,
}: EvidenceReport): readonly (readonly [string, string])[] {
  const count = (wanted: string): number => checks.filter(({ result }) => result === wanted).length;
  return [
    ['judged at', isoTime(at)],
    ...(expiresAt === undefined ? [] : [['valid until', isoTime(expiresAt)] as const]),
    ...(tcbStatus === undefined ? [] : [['TCB status', tcbStatus] as const]),
    ...(advisories === undefined || advisories.length === 0 ? [] : [['advisories', advisories.join(' ')] as const]),
    ...(checks.length === 0
      ? []
      : [['checks', `${count('pass')} passed, ${count('fail')} failed, ${count('skip')} not run`] as const]),
  ];
}

function rows(entries: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

const TONES = { pass: 'good', fail: 'bad', skip: 'weak' } as const;

function renderCheck({ id, result, reason }: ReportedCheck, width: number, terminal: Terminal): string {
  const line = `  ${terminal.paint(TONES[result], result)}  ${id.padEnd(width)}`;
  return reason === undefined ? line.trimEnd() : `${line}  ${reason}`;
}
