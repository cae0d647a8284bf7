import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { attest, type Enclave } from '@cloister/client';
import { findCloisterError } from '@cloister/core';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { embed, generateText, jsonSchema, streamText, tool, type ToolSet } from 'ai';
import { startToolEngine, type ToolEngine } from './tool-engine.ts';
import OpenAI from 'openai';
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

/** What a library has to do through the enclave, in its own words. */
interface Library {
  readonly name: string;
  whole(): Promise<string>;
  /** Tells each piece of text; resolves when the library says that the answer is complete. */
  stream(onText: (text: string) => void, signal?: AbortSignal): Promise<void>;
  embedding(): Promise<readonly number[]>;
  /** Offers a tool; the engine decides whether to use it. */
  withTools(): Promise<unknown>;
}

function openai(): Library {
  const client = new OpenAI({ baseURL: enclave.baseURL, apiKey: running.apiKey, fetch: enclave.fetch });
  const request = { model: running.model, messages: [{ role: 'user' as const, content: question }] };
  const parameters = { type: 'object', properties: { name: { type: 'string' } } };
  return {
    name: 'openai-node',
    whole: async () => (await client.chat.completions.create(request)).choices[0]?.message.content ?? '',
    async stream(onText, signal) {
      const stream = await client.chat.completions.create({ ...request, stream: true }, { signal });
      for await (const chunk of stream) onText(chunk.choices[0]?.delta.content ?? '');
      if (signal?.aborted === true) throw signal.reason;
    },
    embedding: async () =>
      (await client.embeddings.create({ model: running.model, input: question, encoding_format: 'float' })).data[0]
        ?.embedding ?? [],
    withTools: async () => {
      const tools = [{ type: 'function' as const, function: { name: 'look_up', parameters } }];
      const { choices } = await client.chat.completions.create({ ...request, tools });
      return choices[0]?.message.tool_calls?.map((call) =>
        call.type === 'function' ? [call.function.name, JSON.parse(call.function.arguments) as unknown] : [],
      );
    },
  };
}

function aiSdk(): Library {
  const provider = createOpenAICompatible({
    name: 'enclave',
    baseURL: enclave.baseURL,
    apiKey: running.apiKey,
    fetch: enclave.fetch,
  });
  const model = provider(running.model);
  return {
    name: 'AI SDK',
    whole: async () => (await generateText({ model, prompt: question, maxRetries: 0 })).text,
    async stream(onText, signal) {
      const result = streamText({
        model,
        prompt: question,
        maxRetries: 0,
        onError: () => undefined,
        ...(signal === undefined ? {} : { abortSignal: signal }),
      });
      for await (const part of result.stream) {
        if (part.type === 'text-delta') onText(part.text);
        if (part.type === 'error') throw part.error;
        if (part.type === 'abort') throw new Error('aborted');
      }
    },
    embedding: async () =>
      (await embed({ model: provider.embeddingModel(running.model), value: question, maxRetries: 0 })).embedding,
    withTools: async () => {
      const parameters = { type: 'object', properties: { name: { type: 'string' } } } as const;
      const tools = { look_up: tool({ inputSchema: jsonSchema(parameters) }) } as ToolSet;
      const { toolCalls } = await generateText({ model, prompt: question, maxRetries: 0, tools });
      return toolCalls.map(({ toolName, input }) => [toolName, input]);
    },
  };
}

function langChain(): Library {
  const configuration = { baseURL: enclave.baseURL, fetch: enclave.fetch };
  const shared = { apiKey: running.apiKey, model: running.model, maxRetries: 0, configuration };
  const model = new ChatOpenAI({ ...shared, useResponsesApi: false });
  return {
    name: 'LangChain.js',
    whole: async () => (await model.invoke(question)).text,
    async stream(onText, signal) {
      const stream = await model.stream(question, signal === undefined ? {} : { signal });
      for await (const chunk of stream) onText(chunk.text);
    },
    embedding: () => new OpenAIEmbeddings({ ...shared, encodingFormat: 'float' }).embedQuery(question),
    withTools: async () => {
      const parameters = { type: 'object', properties: { name: { type: 'string' } } };
      const bound = model.bindTools([{ type: 'function', function: { name: 'look_up', parameters } }]);
      return ((await bound.invoke(question)).tool_calls ?? []).map(({ name, args }) => [name, args]);
    },
  };
}

describe.each([openai, aiSdk, langChain])('%o, unchanged, through the enclave', (create) => {
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
