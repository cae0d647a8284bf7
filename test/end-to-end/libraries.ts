import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import type { Enclave } from '@cloister/client';
import { embed, generateText, jsonSchema, streamText, tool, type ToolSet } from 'ai';
import OpenAI from 'openai';

/** The enclave that a library is to use, and as whom. */
export interface LibrarySetting {
  readonly enclave: Enclave;
  readonly apiKey: string;
  readonly model: string;
  readonly question: string;
}

/** What a library has to do through the enclave, in its own words. */
export interface Library {
  readonly name: string;
  whole(): Promise<string>;
  /** Tells each piece of text; resolves when the library says that the answer is complete. */
  stream(onText: (text: string) => void, signal?: AbortSignal): Promise<void>;
  embedding(): Promise<readonly number[]>;
  /** Offers a tool; the engine decides whether to use it. */
  withTools(): Promise<unknown>;
}

/** OpenAI's own client. */
export function openai({ enclave, apiKey, model: modelName, question }: LibrarySetting): Library {
  const client = new OpenAI({ baseURL: enclave.baseURL, apiKey: apiKey, fetch: enclave.fetch });
  const request = { model: modelName, messages: [{ role: 'user' as const, content: question }] };
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
      (await client.embeddings.create({ model: modelName, input: question, encoding_format: 'float' })).data[0]
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

/** The AI SDK. */
export function aiSdk({ enclave, apiKey, model: modelName, question }: LibrarySetting): Library {
  const provider = createOpenAICompatible({
    name: 'enclave',
    baseURL: enclave.baseURL,
    apiKey: apiKey,
    fetch: enclave.fetch,
  });
  const model = provider(modelName);
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
      (await embed({ model: provider.embeddingModel(modelName), value: question, maxRetries: 0 })).embedding,
    withTools: async () => {
      const parameters = { type: 'object', properties: { name: { type: 'string' } } } as const;
      const tools = { look_up: tool({ inputSchema: jsonSchema(parameters) }) } as ToolSet;
      const { toolCalls } = await generateText({ model, prompt: question, maxRetries: 0, tools });
      return toolCalls.map(({ toolName, input }): readonly unknown[] => [toolName, input]);
    },
  };
}

/** LangChain.js. */
export function langChain({ enclave, apiKey, model: modelName, question }: LibrarySetting): Library {
  const configuration = { baseURL: enclave.baseURL, fetch: enclave.fetch };
  const shared = { apiKey: apiKey, model: modelName, maxRetries: 0, configuration };
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
