import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { toBase64 } from '@cloister/core';
import { startSimulatedGateway } from '@cloister/example-gateway/start';

// What a client talks to, in a process of its own: an engine that answers with a few words at once or with 100 events, and a
// gateway in front of it. Events come so slowly that each is a piece of its own, sealed or plain.

const EVENTS = 100;
const INTERVAL = 30;
const id = 'chatcmpl-0123456789abcdef0123456789abcdef';
const words = 'a word or two';
const whole = JSON.stringify({
  id,
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: words }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 },
});

function eventOf(index: number): string {
  const choices = [{ index: 0, delta: { content: ` word${index}` }, logprobs: null, finish_reason: null }];
  return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1_760_000_000, model: 'm', choices })}\n\n`;
}

const engine = createServer((request, response) => {
  const answer = async (): Promise<void> => {
    const pieces = await Array.fromAsync(request as AsyncIterable<Buffer>);
    if (request.method === 'GET') return void response.end('{"object":"list","data":[{"id":"m","object":"model"}]}');
    const { stream } = JSON.parse(Buffer.concat(pieces).toString()) as { readonly stream?: boolean };
    response.writeHead(200, { 'content-type': stream === true ? 'text/event-stream' : 'application/json' });
    if (stream !== true) return void response.end(whole);
    for (let index = 0; index < EVENTS && !response.destroyed; index++) {
      await sleep(INTERVAL);
      response.write(eventOf(index));
    }
    response.end('data: [DONE]\n\n');
  };
  answer().catch(() => response.destroy());
});
engine.listen(0, '127.0.0.1', () => void start());

async function start(): Promise<void> {
  const plain = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  const { url, apiKey, policy, tee } = await startSimulatedGateway({ vllm: plain });
  const intel = tee.roots.intel.map((root) => toBase64(root));
  process.stdout.write(`${JSON.stringify({ plain, url, apiKey, policy, intel, events: EVENTS })}\n`);
}
process.stdin.resume();
process.stdin.once('end', () => process.exit());
