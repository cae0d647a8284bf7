import { attest, type Enclave } from '@cloister/client';
import { findCloisterError } from '@cloister/core';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { aiSdk, langChain, openai, type Library } from './libraries.ts';
import { startToolEngine, type ToolEngine } from './tool-engine.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

let running: SimulatedGateway;
let enclave: Enclave;
let engine: ToolEngine;

beforeAll(async () => {
  engine = await startToolEngine();
  running = await startSimulatedGateway({ vllm: engine.url });
  enclave = await attest(running.url, { policy: running.policy, roots: running.tee.roots });
});
afterAll(async () => {
  await enclave.close();
  await running[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});
afterEach(() => engine.standIn.setFault(undefined));

const question = 'The ferry leaves at nine. The bus leaves at ten. When does the ferry leave?';
const sought = 'ferry leaves at nine';

describe.each([openai, aiSdk, langChain])('%o, unchanged, through the enclave', (library) => {
  const create = (): Library => library({ enclave, apiKey: running.apiKey, model: running.model, question });

  it('answers, streams and embeds', async () => {
    const library = create();
    expect(await library.whole()).toContain(sought);
    const pieces: string[] = [];
    await library.stream((text) => pieces.push(text));
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces.join('')).toContain(sought);
    expect((await library.embedding()).length).toBeGreaterThan(8);
  });

  it('calls tools', async () => {
    expect(await create().withTools()).toEqual([['look_up', { name: 'ferry' }]]);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const work = create().stream(() => controller.abort(new Error('enough')), controller.signal);
    await expect(work).rejects.toThrow(/abort|enough/i);
  });

  it.each(['end', 'fin', 'rst'] as const)('sees a cut by the engine (%s) as an error', async (how) => {
    engine.standIn.setFault({ kind: 'cut', events: 3, how });
    const error = await create()
      .stream(() => undefined)
      .then(
        () => undefined,
        (cause: unknown) => cause,
      );
    expect(findCloisterError(error)?.code).toBe('ERR_CHANNEL_TRUNCATED');
  });
});
