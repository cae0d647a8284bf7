import { lengthPrefixed, sha256, toHex, type PrincipalClaims } from '@cloister/core';
import type { CacheHeaders } from '../sealed/parse-sealed-headers.ts';
import { createSealedLog, type SealedLog } from './sealed-log.ts';
import type { LogBudget } from './sealed-window.ts';
import type { ResumeSettings } from './resume-settings.ts';

/** Names one answer: whoever gets one of these wrong asks for another answer, which does not exist. */
export interface AnswerName {
  readonly claims: PrincipalClaims;
  /** The caller's random name for the request that is answered. */
  readonly requestId: string;
  /** The place in the cache that it asked for: ties the answer to its session. */
  readonly cache: CacheHeaders;
}

/** An answer that will be kept. */
export interface KeptAnswer {
  /** Ends the work on it: when nobody came back in time, or the caller said so. */
  readonly signal: AbortSignal;
  /** Keeps what is sealed from now on. @returns what the first caller gets */
  keep(sealed: ReadableStream<Uint8Array>): ReadableStream<Uint8Array>;
  /** There is nothing worth keeping: the request was refused. */
  release(): void;
}

/** The answers of one gateway that can be resumed. */
export interface ResumableAnswers {
  /**
   * Makes room for an answer. Until `keep` it ends with its connection.
   * @returns `undefined` when there is no room, or nothing is kept at all
   */
  begin(name: AnswerName, connection: AbortSignal): KeptAnswer | undefined;
  /** The rest of an answer from a byte on; `undefined` when it is not kept. */
  resume(name: AnswerName, offset: number): ReadableStream<Uint8Array> | undefined;
  /** Ends an answer at once; whether it was there is not told. */
  drop(name: AnswerName): void;
  /** Forgets every answer. */
  close(): void;
}

interface Entry {
  readonly work: AbortController;
  log?: SealedLog;
  /** Runs while nobody reads. */
  timer?: NodeJS.Timeout | undefined;
}

/** Keeps answers in memory, sealed as they travel: whoever reads it learns no more than from the wire. */
export function createResumableAnswers(settings: Required<ResumeSettings> | null): ResumableAnswers {
  const entries = new Map<string, Entry>();
  let held = 0;
  const budget: LogBudget = {
    count: (bytes) => void (held += bytes),
    isFull: () => held >= (settings?.totalBytes ?? 0),
  };
  const drop = (key: string): void => {
    const entry = entries.get(key);
    entries.delete(key);
    clearTimeout(entry?.timer);
    entry?.work.abort();
    entry?.log?.close();
  };
  /** Answers that were read to their end are kept for the last connection alone: they go first, the oldest before others. */
  const makeRoom = (): void => {
    for (const [key, { log, timer }] of entries) {
      if (!budget.isFull()) return;
      if (log?.isRead === true && timer !== undefined) drop(key);
    }
  };
  return {
    begin(name, connection) {
      const key = keyOf(name);
      if (settings === null || connection.aborted || entries.has(key)) return undefined;
      makeRoom();
      if (budget.isFull()) return undefined;
      const entry: Entry = { work: new AbortController() };
      entries.set(key, entry);
      const lost = (): void => drop(key);
      connection.addEventListener('abort', lost, { once: true });
      return {
        signal: entry.work.signal,
        keep(sealed) {
          // Its connection has gone meanwhile: the work on it has ended, and nobody can come back.
          if (entry.work.signal.aborted) return sealed;
          connection.removeEventListener('abort', lost);
          const onReader = (isRead: boolean): void => {
            clearTimeout(entry.timer);
            entry.timer = isRead ? undefined : setTimeout(() => drop(key), settings.seconds * 1000).unref();
          };
          const log = (entry.log = createSealedLog(sealed, { most: settings.answerBytes, budget, onReader }));
          return log.read(0) as ReadableStream<Uint8Array>;
        },
        release: () => drop(key),
      };
    },
    resume: (name, offset) => entries.get(keyOf(name))?.log?.read(offset),
    drop: (name) => drop(keyOf(name)),
    close: () => [...entries.keys()].forEach(drop),
  };
}

function keyOf({ claims, requestId, cache }: AnswerName): string {
  const { issuer, tenant, subject } = claims;
  const { scope, salt = '', group = '' } = cache;
  return toHex(sha256(lengthPrefixed('cloister/resume/v1', issuer, tenant, subject, requestId, scope, salt, group)));
}
