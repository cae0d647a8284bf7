import { inspect } from 'node:util';
import { attest, type ClientTrace, type Enclave } from '@cloister/client';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ENCODINGS, findSecret, type HostileEngine, type Plan, SHAPES, startHostileEngine } from './hostile-engine.ts';

/** CLOISTER_HOSTILE_ANSWERS: how many answers; every shape in every encoding once unless said. */
const PLANS: readonly Plan[] = Object.keys(SHAPES).flatMap((shape) =>
  Object.keys(ENCODINGS).flatMap((encoding) => [true, false].map((isStream) => ({ shape, encoding, isStream }))),
);
const ANSWERS = Number(process.env['CLOISTER_HOSTILE_ANSWERS'] ?? PLANS.length);
const PROMPT = 'patient-words-7Jx2mQ9w';

let engine: HostileEngine;
let running: SimulatedGateway;
let enclave: Enclave;
/** What anybody but the caller gets to see: refusals, traces, console and process output. */
let told = '';
const tell = (...values: readonly unknown[]): boolean => {
  told += values.map((value) => (typeof value === 'string' ? value : inspect(value, { depth: 20 }))).join('\n');
  return true;
};

beforeAll(async () => {
  engine = await startHostileEngine(PROMPT);
  running = await startSimulatedGateway({
    vllm: engine.url,
    config: { operationsPort: 0 },
    onRefusal: (error) => tell(error, JSON.stringify(error)),
  });
  const { policy, tee, url } = running;
  const onTrace = (trace: ClientTrace): void => void tell(trace);
  enclave = await attest(url, { policy, roots: tee.roots, onTrace });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const request = (plan: Plan): OpenAI.ChatCompletionCreateParams => ({
  model: 'm',
  messages: [{ role: 'user', content: PROMPT }],
  stream: plan.isStream,
});

/** Everything that one caller gets, by fetch: status, headers, body, errors. Answers whose words are the model's have none here. */
async function askByFetch(plan: Plan): Promise<string> {
  engine.plan = plan;
  let got = '';
  try {
    const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(request(plan)),
    });
    got += `${response.status} ${response.statusText} ${JSON.stringify([...response.headers])}`;
    const decoder = new TextDecoder('latin1');
    for await (const piece of response.body ?? []) got += decoder.decode(piece, { stream: true });
  } catch (error) {
    got += inspect(error, { depth: 20 }) + JSON.stringify(error);
  }
  return got;
}

/** The same by openai-node: what it throws. */
async function askByLibrary(plan: Plan): Promise<string> {
  engine.plan = plan;
  const client = new OpenAI({ baseURL: enclave.baseURL, apiKey: running.apiKey, fetch: enclave.fetch, maxRetries: 0 });
  try {
    const answer = await client.chat.completions.create(request(plan));
    let got = '';
    if (Symbol.asyncIterator in answer) for await (const chunk of answer) got += JSON.stringify(chunk);
    else got += JSON.stringify(answer);
    return got;
  } catch (error) {
    return inspect(error, { depth: 20 }) + String((error as Error).stack) + JSON.stringify(error);
  }
}

const secrets = (): readonly string[] => [PROMPT, engine.own, engine.salt, 'content-length:'];

/** Which secrets, in which encodings. */
function hits(text: string): readonly string[] {
  return secrets().flatMap((secret) => findSecret(text, secret).map((encoding) => `${encoding} ${secret}`));
}

async function expectSilence(ask: (plan: Plan) => Promise<string>, count: number): Promise<void> {
  const leaks = new Set<string>();
  for (let index = 0; index < count; index++) {
    const plan = PLANS[index % PLANS.length] as Plan;
    const found = hits(await ask(plan));
    if (found.length > 0)
      leaks.add(`${plan.shape}, ${plan.encoding}, ${plan.isStream ? 'stream' : 'whole'}: ${found.join(' ')}`);
  }
  expect([...leaks]).toEqual([]);
  expect(engine.salt).toMatch(/^cg1\./);
}

describe('an engine that quotes prompts, salts and itself', () => {
  it('control: a program that logs what the engine says gives all of it away, in each encoding', async () => {
    await askByFetch({ shape: 'error 400, JSON', encoding: 'raw', isStream: false });
    for (const plan of PLANS) {
      await askByFetch(plan);
      expect(findSecret(engine.sent.toString('latin1'), PROMPT)).toContain(plan.encoding);
    }
  });

  it(`${ANSWERS} answers: nothing in errors, logs, traces and metrics`, { timeout: 1_800_000 }, async () => {
    told = '';
    const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(tell));
    try {
      await expectSilence(askByFetch, ANSWERS);
      await expectSilence(askByLibrary, Math.min(ANSWERS, PLANS.length));
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    const metrics = await (await fetch(`${running.gateway.operationsUrl}/metrics`)).text();
    expect(hits(told)).toEqual([]);
    expect(hits(metrics)).toEqual([]);
    expect(told).toContain('ERR_GATEWAY_ENGINE_');
  });
});
