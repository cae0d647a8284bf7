import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOT_CLAIMED } from './claims.ts';
import { startVllmStandIn, type VllmStandIn } from './start-vllm-stand-in.ts';

/** One exchange with a real vLLM 0.32.0. */
interface Recording {
  readonly name: string;
  readonly server: 'A' | 'B' | 'C' | 'D';
  readonly method: string;
  readonly path: string;
  /** `name: value` lines of the request. */
  readonly headers: readonly string[];
  readonly request?: string;
  readonly status: number;
  readonly responseHeaders: readonly string[];
  readonly response: string;
}

// All recordings where CLOISTER_EVAL_DATA has them, otherwise those that came with the repository.
const data = join(process.env['CLOISTER_EVAL_DATA'] ?? '', 'vllm');
const recordings = existsSync(join(data, 'index.json')) ? readRecordings() : readCopies();

function readCopies(): readonly Recording[] {
  const file = new URL('../../../../test/vectors/vllm/recordings.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Recording[];
}

interface IndexEntry {
  readonly name: string;
  readonly server: Recording['server'];
  /** How curl was called. */
  readonly command: string;
}

function readRecordings(): readonly Recording[] {
  const entries = JSON.parse(readFileSync(join(data, 'index.json'), 'utf8')) as readonly IndexEntry[];
  return entries.map(({ name, server, command }) => {
    const whole = readFileSync(join(data, `${name}.response.txt`), 'utf8');
    const [head = ''] = whole.split(/\r?\n\r?\n/, 1);
    const [status = '', ...responseHeaders] = head.split(/\r?\n/);
    const isRaw = responseHeaders.includes('transfer-encoding: chunked') && command.includes('--raw');
    const text = whole.slice(head.length).replace(/^(?:\r?\n){2}/, '');
    const body = /--data-binary @(\S+)/.exec(command)?.[1];
    return {
      name,
      server,
      method: /-X (\w+)/.exec(command)?.[1] ?? (body === undefined ? 'GET' : 'POST'),
      path: new URL(command.split(' ').at(-1) ?? '').pathname,
      headers: [...command.matchAll(/-H '([^']*)'/g)].map(([, line]) => line ?? ''),
      ...(body === undefined ? {} : { request: readFileSync(join(data, body), 'utf8') }),
      status: Number(status.split(' ')[1]),
      responseHeaders,
      response: isRaw ? dechunk(text) : text,
    };
  });
}

/** Takes the framing of chunks out (RFC 9112 section 7.1); all of them are ASCII. */
function dechunk(text: string): string {
  const [, length = '', rest = ''] = /^([0-9a-f]+)\r\n([^]*)$/.exec(text) ?? [];
  const size = Number.parseInt(length, 16);
  return size > 0 ? rest.slice(0, size) + dechunk(rest.slice(size + 2)) : '';
}

/** Members whose value differs between two runs of the same server, or that need the real model or its tokenizer. */
const FREE = new Set(
  `id created root content text tokens token_ids prompt_token_ids prompt count embedding prompt_tokens total_tokens
  completion_tokens system_fingerprint cached_tokens created_cache_tokens finish_reason`.split(/\s+/),
);
/** Prompts that fill a block only with the real model's template: whether they hit cannot be compared. */
const SHORT_PROMPTS = new Set(['chat-finish-stop', 'chat-n2']);

const shape = (value: unknown): string =>
  Array.isArray(value) ? `list of ${typeof value[0]}` : value === null ? 'null' : typeof value;

/** A value with its members in order; free members keep their type and whether they are null. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([name, member]) => [name, FREE.has(name) ? shape(member) : normalise(member)]);
}

/** The events of a stream, without repetitions of the same normal form: how many tokens there are depends on the model. */
function normaliseStream(text: string): unknown[] {
  const events = text.split('\n\n').filter((event) => event.trim() !== '');
  const forms = events.map((event) => {
    const data = event.replace(/^data: /, '');
    return data === '[DONE]' ? data : JSON.stringify(normalise(JSON.parse(data)));
  });
  return forms.filter((form, index) => form !== forms[index - 1]);
}

function normaliseBody(text: string): unknown {
  if (text.startsWith('data: ')) return normaliseStream(text);
  return text === '' ? '' : normalise(JSON.parse(text));
}

/** The headers that both servers must share: everything but who and when, and lengths that depend on content. */
function normaliseHeaders(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^(?:server|date|content-length|connection|keep-alive):/.test(line)).toSorted();
}

async function replay(standIn: VllmStandIn, recording: Recording): Promise<Response> {
  return fetch(standIn.url + recording.path, {
    method: recording.method,
    headers: recording.headers.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
    ...(recording.request === undefined ? {} : { body: recording.request }),
  });
}

const common = { model: 'smollm2-135m', maxModelLength: 4096, blockSize: 32, runner: 'generate' } as const;
const SERVERS = {
  A: { ...common, developmentMode: true },
  B: { ...common, developmentMode: true },
  C: { ...common, blockSize: 128, apiKey: 'sk-test-key', promptTokensDetails: false },
  D: { ...common, model: 'smol-embed', maxModelLength: 2048, runner: 'pooling' },
} as const;

describe.each(Object.entries(SERVERS))('exchanges recorded from server %s', (server, options) => {
  let standIn: VllmStandIn;
  beforeAll(async () => {
    standIn = await startVllmStandIn(options);
  });
  afterAll(() => standIn.close());

  const claimed = recordings.filter(({ name, server: of }) => of === server && !Object.hasOwn(NOT_CLAIMED, name));
  // In the recorded order: the prefix cache remembers.
  it.each(claimed)('$name', async (recording) => {
    const response = await replay(standIn, recording);
    const body = await response.text();
    expect(response.status).toBe(recording.status);
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    expect(normaliseHeaders(headers)).toEqual(normaliseHeaders(recording.responseHeaders));
    expect(normaliseBody(body)).toEqual(normaliseBody(recording.response));
    const expected = SHORT_PROMPTS.has(recording.name) ? hitOf(body) : hitOf(recording.response);
    expect(hitOf(body)).toBe(expected);
    for (const text of [body, recording.response]) expectSums(text, options.blockSize);
  });
});

/** Whether the last usage of an answer tells of a hit: nothing, or part of the prompt. */
function hitOf(body: string): string {
  const cached = [...body.matchAll(/"cached_tokens":(\d+)/g)].at(-1)?.[1];
  return cached === undefined ? 'not told' : cached === '0' ? 'miss' : 'hit';
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number; readonly created_cache_tokens?: number } | null;
}

/** Counts differ with the tokenizer; what they say about each other does not, in the recording and in the answer alike. */
function expectSums(body: string, blockSize: number): void {
  for (const [, text = ''] of body.matchAll(/"usage":(\{(?:[^{}]|\{[^{}]*\})*\})/g)) {
    const {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: total,
      ...more
    } = JSON.parse(text) as Usage;
    expect(total).toBe(prompt + completion);
    const { cached_tokens: cached = 0, created_cache_tokens: created } = more.prompt_tokens_details ?? {};
    expect(cached % blockSize).toBe(0);
    expect(cached).toBeLessThan(prompt);
    if (typeof created === 'number') expect(cached + created).toBe(Math.floor(prompt / blockSize) * blockSize);
  }
}
