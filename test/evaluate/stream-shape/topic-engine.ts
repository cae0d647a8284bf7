import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How many topics there are. */
export const TOPICS = 10;

/** An engine on loopback whose answers have the habits of the topic in the prompt. */
export interface TopicEngine extends AsyncDisposable {
  readonly url: string;
}

/**
 * Every topic has words of its own length and tokens that come in bursts of its own size, as speculative decoding makes
 * them; all answers have about as many tokens. A stand-in for what an observer of real streams learns from.
 */
export async function startTopicEngine(): Promise<TopicEngine> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const topic = Number(/topic (\d+)/.exec(Buffer.concat(pieces).toString())?.[1] ?? 0);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      void (async () => {
        for (const { text, pause } of answerOf(topic)) {
          await sleep(pause);
          response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`);
        }
        response.end('data: [DONE]\n\n');
      })();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** About 56 tokens: their lengths and the pauses between them follow the topic, with chance on top. */
function* answerOf(topic: number): Generator<{ readonly text: string; readonly pause: number }> {
  const burst = 1 + (topic % 5);
  const tokens = 52 + Math.floor(Math.random() * 9);
  for (let index = 0; index < tokens; index++) {
    const length = 2 + topic * 2 + Math.floor(Math.random() * 6);
    yield { text: 'x'.repeat(length), pause: index % burst === 0 ? 12 * burst : 0 };
  }
}
