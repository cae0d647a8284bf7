import { isCloisterError, parseJson, type JsonValue } from '@cloister/core';
import { sessionError } from '../errors.ts';
import { isIsolationError } from './require-isolation.ts';

/** One principal's way to the engine. */
export interface ProbeTarget {
  /** Where the OpenAI-compatible routes are, for example `https://inference.example/v1`. */
  readonly baseURL: string;
  /** Carries this principal's identity: an `enclave.fetch` with its own key, or a plain one inside the enclave. */
  readonly fetch: typeof globalThis.fetch;
  /** Sent with every probe, for example `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The boot id of the engine, looked up once the answer is whole. Unless given: the answer's header `cloister-engine`,
   * which a gateway sends inside the seal.
   */
  readonly engine?: (answer: Response) => Promise<string | undefined>;
}

/** One question to the engine: what is asked and under which salt. */
export interface Probe {
  readonly model: string;
  readonly text: string;
  /** The JSON text of `cache_salt`; the member is left out without it. */
  readonly salt?: string;
  readonly signal?: AbortSignal;
}

/** What an answer says about the cache. */
export interface ProbeAnswer {
  readonly promptTokens: number;
  readonly cachedTokens?: number;
  readonly engine?: string;
}

const MOST_ANSWER_BYTES = 1024 * 1024;

/**
 * Asks for one token, not streamed.
 * @returns the HTTP status instead when it is not 200
 * @throws CloisterError `ERR_SESSION_ISOLATION_REQUEST`, `ERR_SESSION_ISOLATION_USAGE`; what the server said is not passed on
 */
export async function sendProbe(target: ProbeTarget, probe: Probe): Promise<ProbeAnswer | number> {
  const { model, text, salt, signal } = probe;
  const members = { model, messages: [{ role: 'user', content: text }], max_tokens: 1, temperature: 0, stream: false };
  const open = JSON.stringify(members).slice(0, -1);
  try {
    const response = await target.fetch(`${target.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { ...target.headers, 'content-type': 'application/json', 'cloister-engine': '?' },
      body: `${open}${salt === undefined ? '' : `,"cache_salt":${salt}`}}`,
      ...(signal === undefined ? {} : { signal }),
    });
    const body = await response.text();
    if (response.status !== 200) return response.status;
    const answer = readUsage(parseJson(body, { maxBytes: MOST_ANSWER_BYTES }));
    const engine = await (target.engine?.(response) ?? response.headers.get('cloister-engine') ?? undefined);
    return { ...answer, ...(engine === undefined ? {} : { engine }) };
  } catch (error) {
    if (isIsolationError(error)) throw error;
    throw sessionError('ERR_SESSION_ISOLATION_REQUEST', isCloisterError(error) ? { cause: error } : {});
  }
}

function readUsage(body: JsonValue): ProbeAnswer {
  const usage = member(body, 'usage');
  const promptTokens = count(member(usage, 'prompt_tokens'));
  const cachedTokens = count(member(member(usage, 'prompt_tokens_details'), 'cached_tokens'));
  if (promptTokens === undefined) throw sessionError('ERR_SESSION_ISOLATION_USAGE');
  return { promptTokens, ...(cachedTokens === undefined ? {} : { cachedTokens }) };
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as { readonly [name: string]: JsonValue })[name] : undefined;
}

function count(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
