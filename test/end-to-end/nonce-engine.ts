import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with one answer: nothing, an error, a connection cut within, a stream without its end, a pause. */
export const ENGINE_FAULTS = ['none', 'error', 'reset', 'endless', 'pause'] as const;
/** One of them. */
export type EngineFault = (typeof ENGINE_FAULTS)[number];

/** An engine whose every answer carries the nonce of its request, `EVENTS` times. */
export interface NonceEngine extends AsyncDisposable {
  readonly url: string;
  /** How often each nonce was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  /** Requests that it is working on. */
  readonly busy: number;
}

const EVENTS = 12;

const partOf = (nonce: string, index: number): string => `${nonce}#${index} `;

/** The text of the whole answer to a nonce. */
export function answerTo(nonce: string): string {
  return Array.from({ length: EVENTS }, (_, index) => partOf(nonce, index)).join('');
}

function eventsOf(nonce: string): readonly string[] {
  const chunk = (content: string, reason: string | null): string => {
    const choices = [{ index: 0, delta: { content }, finish_reason: reason }];
    return `data: ${JSON.stringify({ id: nonce, object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`;
  };
  const deltas = Array.from({ length: EVENTS }, (_, index) => chunk(partOf(nonce, index), null));
  return [...deltas, chunk('', 'stop'), 'data: [DONE]\n\n'];
}

/** Starts it on a free port. Requests name their nonce and fault in the prompt: `nonce fault`. */
export async function startNonceEngine(): Promise<NonceEngine> {
  const asked = new Map<string, number>();
  let busy = 0;
  const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const stream = async (response: ServerResponse, nonce: string, fault: string): Promise<void> => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const events = eventsOf(nonce);
    for (const [index, event] of events.entries()) {
      if (response.destroyed) return;
      if (fault === 'reset' && index === 5) return void response.socket?.resetAndDestroy();
      if (fault === 'endless' && index === events.length - 1) break;
      response.write(event);
      await sleep(fault === 'pause' && index === 3 ? 300 : 1);
    }
    response.end();
  };
  const answer = async (response: ServerResponse, body: string): Promise<void> => {
    const { messages, stream: isStream } = JSON.parse(body) as { messages: { content: string }[]; stream?: boolean };
    const [nonce = '', fault = ''] = (messages[0]?.content ?? '').split(' ');
    asked.set(nonce, (asked.get(nonce) ?? 0) + 1);
    if (fault === 'error') return void response.writeHead(500).end('{"error":{}}');
    if (isStream === true) return stream(response, nonce, fault);
    if (fault === 'reset' || fault === 'endless') return void response.socket?.resetAndDestroy();
    await sleep(fault === 'pause' ? 300 : 5);
    const choices = [{ index: 0, message: { role: 'assistant', content: answerTo(nonce) }, finish_reason: 'stop' }];
    const usage = { prompt_tokens: 1, completion_tokens: EVENTS, total_tokens: EVENTS + 1 };
    const whole = { id: nonce, object: 'chat.completion', created: 1, model: 'm', choices, usage };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') return void response.end('{"object":"list","data":[{"id":"m","object":"model"}]}');
    busy += 1;
    response.once('close', () => (busy -= 1));
    Array.fromAsync(request as AsyncIterable<Buffer>)
      .then((pieces) => answer(response, Buffer.concat(pieces).toString()))
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get busy() {
      return busy;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
