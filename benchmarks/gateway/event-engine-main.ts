import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// An engine whose only work is to stream: 200 events as vLLM writes them, one every ten milliseconds, for any POST. It runs
// until the process that started it closes the pipe.

const EVENTS = 200;
const INTERVAL = 10;

function eventOf(index: number): string {
  const choices = [{ index: 0, delta: { content: ` word${index}` }, logprobs: null, finish_reason: null }];
  const id = 'chatcmpl-0123456789abcdef0123456789abcdef';
  return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1_760_000_000, model: 'm', choices })}\n\n`;
}

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    void (async () => {
      for (let index = 0; index < EVENTS && !response.destroyed; index++) {
        await sleep(INTERVAL);
        response.write(eventOf(index));
      }
      response.end('data: [DONE]\n\n');
    })();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume();
process.stdin.once('end', () => process.exit());
