import type { OwnSpanAttributes } from '@cloister/audit';
import { findCloisterError, type ErrorCode, type Restored } from '@cloister/core';
import type { ArrowName } from './arrow-name.ts';
import type { SpanTrail } from './span-trail.ts';

/** What one arrow did: no content, only what was checked and what it cost. */
export interface ArrowReport {
  readonly arrow: ArrowName;
  /** What was checked, in the words of the check ids. */
  readonly checked: readonly string[];
  /** Wall time in milliseconds. */
  readonly milliseconds: number;
  /** Bytes that crossed this arrow, where that means something. */
  readonly bytes?: number;
  /** The code when the arrow refused. */
  readonly code?: ErrorCode;
}

/** Filled by an arrow while it works. */
export interface ArrowNotes {
  readonly checked: string[];
  bytes?: number;
  /** What the arrow's span says at its end. */
  attributes?: OwnSpanAttributes;
}

/** Collects the reports of one question. */
export interface Trail {
  /** Runs one arrow, measures it and keeps its report, also when it refuses. */
  run<Result>(arrow: ArrowName, work: (notes: ArrowNotes) => Promise<Result> | Result): Promise<Result>;
  /** As `run`, for an arrow that yields text while it works. */
  stream<Result>(
    arrow: ArrowName,
    work: (notes: ArrowNotes) => AsyncGenerator<Restored, Result, undefined>,
  ): AsyncGenerator<Restored, Result, undefined>;
  /** All reports so far, in order. */
  readonly reports: readonly ArrowReport[];
}

/** An arrow that is being measured. */
interface Running {
  readonly notes: ArrowNotes;
  end(failure?: { readonly error: unknown }): void;
}

/** Starts an empty trail. `observe` sees each report as it is made. */
export function createTrail(spans: SpanTrail, observe?: (report: ArrowReport) => void): Trail {
  const reports: ArrowReport[] = [];
  const begin = (arrow: ArrowName): Running => {
    const notes: ArrowNotes = { checked: [] };
    const start = performance.now();
    const span = spans.begin(arrow);
    return {
      notes,
      end(failure) {
        const report: ArrowReport = {
          arrow,
          checked: notes.checked,
          milliseconds: performance.now() - start,
          ...(notes.bytes === undefined ? {} : { bytes: notes.bytes }),
          ...(failure ? { code: codeOf(failure.error) } : {}),
        };
        span.end(notes.attributes ?? {}, report.code);
        reports.push(report);
        observe?.(report);
      },
    };
  };
  return {
    reports,
    async run(arrow, work) {
      const running = begin(arrow);
      try {
        const result = await work(running.notes);
        running.end();
        return result;
      } catch (error) {
        running.end({ error });
        throw error;
      }
    },
    async *stream(arrow, work) {
      const running = begin(arrow);
      try {
        const result = yield* work(running.notes);
        running.end();
        return result;
      } catch (error) {
        running.end({ error });
        throw error;
      }
    },
  };
}

/** The code to report for an error; errors of other libraries have none of ours. */
export function codeOf(error: unknown): ErrorCode {
  return findCloisterError(error)?.code ?? 'ERR_RUNTIME_UNEXPECTED';
}
