import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attest } from '@cloister/client';
import type { Tenant } from '@cloister/core';
import { startSimulatedGateway } from '@cloister/example-gateway/start';
import { createSession, createSessionFetch } from '@cloister/session';
import OpenAI from 'openai';
import type { Row } from '../report.ts';

const ROUNDS = 30;
const INTERVAL = 10;
const MODEL = 'bench';
const EVENT = `data: ${JSON.stringify({
  id: 'chatcmpl-0123456789abcdef',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: MODEL,
  choices: [{ index: 0, delta: { content: ' word' }, logprobs: null, finish_reason: null }],
})}\n\n`;

/** From an abort in openai-node until the engine is told to stop: session, sealed channel, gateway. The slowest of some. */
export async function measureAbort(tenant: Tenant): Promise<Row[]> {
  await using engine = await startEndlessEngine();
  await using gateway = await startSimulatedGateway({ vllm: engine.url });
  await using enclave = await attest(gateway.url, { policy: gateway.policy, roots: gateway.tee.roots });
  using session = await createSession(tenant, { model: MODEL, identity: new Uint8Array(32) });
  const sealed = createSessionFetch({ fetch: enclave.fetch, session, label: 'restricted' });
  const client = new OpenAI({ baseURL: enclave.baseURL, apiKey: gateway.apiKey, maxRetries: 0, fetch: sealed });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true });
    let aborted = 0;
    const stopped = engine.stopped();
    try {
      for await (const _ of stream) {
        aborted = performance.now();
        stream.controller.abort();
      }
    } catch {
      // An abort may also show as an error.
    }
    times.push((await stopped) - aborted);
  }
  return [{ name: `abort until the engine stops, slowest of ${ROUNDS}`, value: Math.max(...times), unit: 'ms' }];
}

interface EndlessEngine extends AsyncDisposable {
  readonly url: string;
  /** Resolves to the time at which the next answer that is cut off is known to be. */
  stopped(): Promise<number>;
}

/** Answers everything with events that do not end. */
async function startEndlessEngine(): Promise<EndlessEngine> {
  let onStop: (time: number) => void = () => undefined;
  const answer = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(EVENT), INTERVAL);
    response.once('close', () => {
      clearInterval(timer);
      onStop(performance.now());
    });
  };
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') answer(response);
    else response.end('{"object":"list","data":[{"id":"bench","object":"model"}]}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stopped: () => new Promise((resolve) => (onStop = resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
