import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The messages of a request, as they reach the engine. */
export type Messages = readonly { readonly role: string; readonly content: string }[];

/** An engine that says what a test wants, for answers that no honest model gives. */
export interface ScriptedEngine extends AsyncDisposable {
  readonly url: string;
  /** Makes the text of the next answers. */
  say(script: (messages: Messages) => string): void;
  /** Refuses the next requests with a status of 400 or above and this message, until it is to say something again. */
  refuse(status: number, message: string): void;
}

/** Starts it on loopback. Every answer is streamed in pieces of five characters. */
export async function startScriptedEngine(): Promise<ScriptedEngine> {
  let script = (_messages: Messages): string => '';
  let refusal: { readonly status: number; readonly message: string } | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') return response.end(JSON.stringify({ object: 'list', data: [{ id: 'scripted' }] }));
      const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly messages: Messages };
      if (refusal !== undefined) {
        response.writeHead(refusal.status, { 'content-type': 'application/json' });
        return response.end(JSON.stringify({ error: { message: refusal.message, code: refusal.status } }));
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = (choice: object): unknown => response.write(`data: ${JSON.stringify(chunk([choice]))}\n\n`);
      for (const piece of script(messages).match(/[^]{1,5}/g) ?? []) event({ index: 0, delta: { content: piece } });
      event({ index: 0, delta: {}, finish_reason: 'stop' });
      const usage = { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 };
      response.write(`data: ${JSON.stringify({ ...chunk([]), usage })}\n\n`);
      return response.end('data: [DONE]\n\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    say: (next) => ([script, refusal] = [next, undefined]),
    refuse: (status, message) => (refusal = { status, message }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function chunk(choices: readonly object[]): object {
  return { id: 'x', object: 'chat.completion.chunk', created: 1, model: 'scripted', choices };
}
