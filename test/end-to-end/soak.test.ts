import { getEventListeners } from 'node:events';
import { attest, type Enclave } from '@cloister/client';
import { findCloisterError } from '@cloister/core';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerTo, ENGINE_FAULTS, type EngineFault, type NonceEngine, startNonceEngine } from './nonce-engine.ts';

/** CLOISTER_SOAK_SECONDS and CLOISTER_ABORTS: how long, and how many; a few unless said. */
const SECONDS = Number(process.env['CLOISTER_SOAK_SECONDS'] ?? 10);
const ABORTS = Number(process.env['CLOISTER_ABORTS'] ?? 200);
const AT_ONCE = 16;
/** Keysets live at least ten minutes: this clock makes ten seconds of them. Both ends share it. */
const SPEED = 60;
const started = Date.now();
const clock = { now: (): number => started + (Date.now() - started) * SPEED };

let engine: NonceEngine;
let running: SimulatedGateway;
let enclave: Enclave;
let client: OpenAI;

beforeAll(async () => {
  engine = await startNonceEngine();
  const config = { keysetSeconds: 600, operationsPort: 0 };
  running = await startSimulatedGateway({ vllm: engine.url, config, clock });
  const { policy, tee, url, apiKey } = running;
  const monotonic = (): number => performance.now() * SPEED;
  enclave = await attest(url, { policy, roots: tee.roots, clock, monotonic });
  client = new OpenAI({ baseURL: enclave.baseURL, apiKey, fetch: enclave.fetch, maxRetries: 0 });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

interface Asked {
  readonly nonce: string;
  readonly fault: EngineFault;
  readonly isStream: boolean;
  /** Aborts after so many pieces; never when left out. */
  readonly abortAfter?: number;
}

let count = 0;
function plan(): Asked {
  const isFaulty = Math.random() < 0.3;
  const fault = isFaulty ? (ENGINE_FAULTS[Math.floor(Math.random() * ENGINE_FAULTS.length)] ?? 'none') : 'none';
  const asked = {
    nonce: `nonce-${count++}-${Math.random().toString(36).slice(2)}`,
    fault,
    isStream: Math.random() < 0.7,
  };
  return Math.random() < 0.25 ? { ...asked, abortAfter: Math.floor(Math.random() * 14) } : asked;
}

/** The text that came before the end, and the error if that was none. */
async function ask({ nonce, fault, isStream, abortAfter }: Asked): Promise<{ text: string; error?: unknown }> {
  const controller = new AbortController();
  const { signal } = controller;
  const messages = [{ role: 'user' as const, content: `${nonce} ${fault}` }];
  let text = '';
  try {
    if (abortAfter === 0) setTimeout(() => controller.abort(new Error('enough')), Math.random() * 20);
    if (isStream) {
      const stream = await client.chat.completions.create({ model: 'm', messages, stream: true }, { signal });
      let pieces = 0;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        if (++pieces === abortAfter) controller.abort(new Error('enough'));
      }
      if (signal.aborted) throw new Error('enough');
    } else {
      if (abortAfter !== undefined) setTimeout(() => controller.abort(new Error('enough')), abortAfter);
      const whole = await client.chat.completions.create({ model: 'm', messages }, { signal });
      text = whole.choices[0]?.message.content ?? '';
    }
    return { text };
  } catch (error) {
    return { text, error };
  }
}

type Outcome = 'whole' | 'failed' | 'refused' | 'crossed' | 'lost';

/** What became of a question. `failed` had a reason; `refused` never reached the engine; `crossed` and `lost` must not be. */
function judge({ nonce, fault, abortAfter }: Asked, { text, error }: { text: string; error?: unknown }): Outcome {
  const expected = answerTo(nonce);
  if (error === undefined) return text === expected && fault !== 'error' ? 'whole' : 'crossed';
  if (!expected.startsWith(text)) return 'crossed';
  if (abortAfter !== undefined || ['error', 'reset', 'endless'].includes(fault)) return 'failed';
  // On a machine that stands still for seconds a request may come too late for the fast clock, and is told so.
  const isTyped = findCloisterError(error) !== undefined || error instanceof OpenAI.APIError;
  return isTyped && !engine.asked.has(nonce) ? 'refused' : 'lost';
}

it(
  `${SECONDS} seconds of aborts, rotations and faults: no answer lost, crossed or given twice`,
  {
    timeout: (SECONDS + 120) * 1000,
  },
  async () => {
    const wrong: string[] = [];
    const keysets = new Set<string>();
    const outcomes: Record<Outcome, number> = { whole: 0, failed: 0, refused: 0, crossed: 0, lost: 0 };
    const end = Date.now() + SECONDS * 1000;
    const worker = async (): Promise<void> => {
      while (Date.now() < end) {
        const asked = plan();
        const got = await ask(asked);
        keysets.add(Buffer.from(enclave.identity.keysetDigest).toString('hex'));
        const outcome = judge(asked, got);
        outcomes[outcome] += 1;
        if (outcome === 'crossed' || outcome === 'lost') wrong.push(`${outcome}: ${JSON.stringify(asked)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const twice = [...engine.asked].filter(([, times]) => times > 1);
    process.stderr.write(`soak: ${JSON.stringify({ ...outcomes, keysets: keysets.size })}\n`);
    expect({ wrong, twice }).toEqual({ wrong: [], twice: [] });
    expect(keysets.size).toBeGreaterThan(Math.min(1, Math.floor(SECONDS / 10) - 1));
    expect(Math.min(outcomes.whole, outcomes.failed)).toBeGreaterThan(0);
  },
);

/** Timers and connections of this process by kind, once what ends has ended. */
function resources(): Readonly<Record<string, number>> {
  const kinds = process.getActiveResourcesInfo();
  return Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((name) => name === kind).length]));
}

it(`${ABORTS} aborts leave no listener, handle or request behind`, { timeout: 1_800_000 }, async () => {
  const shared = new AbortController();
  const abortOne = async (index: number): Promise<void> => {
    const own = new AbortController();
    const signal = index % 2 === 0 ? own.signal : AbortSignal.any([own.signal, shared.signal]);
    const asked = { model: 'm', messages: [{ role: 'user', content: `abort-${index} pause` }], stream: true };
    try {
      const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(asked),
        signal,
      });
      const reader = response.body?.getReader();
      if (index % 3 !== 0) await reader?.read();
      own.abort();
      await reader?.read();
    } catch {
      // What an aborted call does is tested elsewhere.
    }
    if (index % 2 === 0) expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  };
  const round = async (from: number, to: number): Promise<void> => {
    let next = from;
    const worker = async (): Promise<void> => {
      while (next < to) await abortOne(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  await round(0, 100);
  await expect.poll(() => engine.busy, { timeout: 10_000 }).toBe(0);
  const before = resources();
  await round(100, 100 + ABORTS);
  await expect.poll(() => engine.busy, { timeout: 10_000 }).toBe(0);
  expect(getEventListeners(shared.signal, 'abort')).toHaveLength(0);
  const metrics = async (): Promise<string> => (await fetch(`${running.gateway.operationsUrl}/metrics`)).text();
  await expect.poll(metrics, { timeout: 10_000 }).toContain('cloister_requests_in_flight 0');
  // Idle connections come and go; a leak of one for each abort would stand out.
  const grown = Object.entries(resources()).filter(([kind, now]) => now > (before[kind] ?? 0) + 2 * AT_ONCE);
  expect(grown).toEqual([]);
});
