import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { attest, type Enclave } from '@cloister/client';
import { findCloisterError } from '@cloister/core';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { createSessionFetch, originalResponse } from '@cloister/session';
import { jsonSchema, streamText, tool, type ToolSet } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The discipline of a session under three client libraries, through gateway and channel, over an engine that streams tool calls
// and breaks off.

const chunk = (delta: object, reason: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: reason }],
  })}\n\n`;
const part = (text: string): object => ({ tool_calls: [{ index: 0, function: { arguments: text } }] });
const EVENTS = [
  chunk({ role: 'assistant', content: 'I look it up. ' }),
  chunk({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '' } }] }),
  ...['{"na', 'me":"', 'fer', 'ry"', '}'].map((text) => chunk(part(text))),
  chunk({}, 'tool_calls'),
  'data: [DONE]\n\n',
];
const WHOLE = EVENTS.length;

let engine: Server;
let gateway: SimulatedGateway;
let enclave: Enclave;
/** Events before the engine breaks off. */
let cutAfter = WHOLE;

function serve(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of EVENTS.slice(0, cutAfter)) response.write(event);
  if (cutAfter === WHOLE) response.end();
  else setTimeout(() => response.destroy(), 5);
}

beforeAll(async () => {
  engine = createServer((request, response) => {
    if (request.url === '/v1/models')
      response.setHeader('content-type', 'application/json').end('{"data":[{"id":"m"}]}');
    else request.resume().on('end', () => serve(response));
  }).listen(0, '127.0.0.1');
  await once(engine, 'listening');
  gateway = await startSimulatedGateway({ vllm: `http://127.0.0.1:${(engine.address() as AddressInfo).port}` });
  enclave = await attest(gateway.url, { policy: gateway.policy, roots: gateway.tee.roots });
});
afterAll(async () => {
  await enclave.close();
  await gateway[Symbol.asyncDispose]();
  engine.closeAllConnections();
  engine.close();
});

const parameters = { type: 'object', properties: { name: { type: 'string' } } } as const;
const question = 'When does the ferry leave?';

/** Runs a streamed request with a tool; tells all that is seen of tool calls. */
type Run = (fetch: typeof globalThis.fetch, onCall: (seen: string) => void) => Promise<void>;

const openai: Run = async (fetch, onCall) => {
  const client = new OpenAI({ baseURL: enclave.baseURL, apiKey: gateway.apiKey, fetch, maxRetries: 0 });
  const tools = [{ type: 'function' as const, function: { name: 'look_up', parameters } }];
  const messages = [{ role: 'user' as const, content: question }];
  for await (const { choices } of await client.chat.completions.create({ model: 'm', messages, tools, stream: true }))
    for (const call of choices[0]?.delta.tool_calls ?? []) onCall(call.function?.arguments ?? '');
};
const aiSdk: Run = async (fetch, onCall) => {
  const provider = createOpenAICompatible({ name: 'e', baseURL: enclave.baseURL, apiKey: gateway.apiKey, fetch });
  const tools = { look_up: tool({ inputSchema: jsonSchema(parameters) }) } as ToolSet;
  const { stream } = streamText({
    model: provider('m'),
    prompt: question,
    tools,
    maxRetries: 0,
    onError: () => undefined,
  });
  for await (const seen of stream) {
    if (seen.type === 'tool-input-delta') onCall(seen.delta);
    if (seen.type === 'error') throw seen.error;
  }
};
const langChain: Run = async (fetch, onCall) => {
  const configuration = { baseURL: enclave.baseURL, fetch };
  const model = new ChatOpenAI({
    apiKey: gateway.apiKey,
    model: 'm',
    maxRetries: 0,
    configuration,
    useResponsesApi: false,
  });
  const bound = model.bindTools([{ type: 'function', function: { name: 'look_up', parameters } }]);
  for await (const { tool_call_chunks: calls } of await bound.stream(question))
    for (const call of calls ?? []) onCall(call.args ?? '');
};

describe.each([
  ['openai-node', openai],
  ['AI SDK', aiSdk],
  ['LangChain.js', langChain],
])('tool calls through %s', (_, run) => {
  const seenBy = async (fetch: typeof globalThis.fetch, cut: number): Promise<[string, unknown]> => {
    cutAfter = cut;
    let seen = '';
    const error: unknown = await run(fetch, (text) => (seen += text)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return [seen, error === undefined ? undefined : (findCloisterError(error)?.code ?? error)];
  };

  it('surface whole or not at all', { timeout: 120_000 }, async () => {
    const fetch = createSessionFetch({ fetch: enclave.fetch });
    expect(await seenBy(fetch, WHOLE)).toEqual(['{"name":"ferry"}', undefined]);
    for (let cut = 1; cut < WHOLE; cut++) {
      const [seen, code] = await seenBy(fetch, cut);
      // The last chunk ends the calls: only the end marker is missing.
      expect(seen).toBe(cut === WHOLE - 1 ? '{"name":"ferry"}' : '');
      expect(code).toBe('ERR_CHANNEL_TRUNCATED');
    }
  });

  it('control: without the discipline half of a call is handed out', async () => {
    expect((await seenBy(enclave.fetch, 4))[0]).toBe('{"name":"');
  });
});

it('leaves the receipt where it is', async () => {
  cutAfter = WHOLE;
  const fetch = createSessionFetch({ fetch: enclave.fetch });
  const response = await fetch(`${enclave.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: question }], stream: true }),
  });
  expect(await response.text()).toBe(EVENTS.join(''));
  expect((await enclave.receipt(originalResponse(response))).receipt.keyset).toMatch(/^[0-9a-f]{64}$/);
});
