import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startVllmStandIn, type VllmStandIn } from '@cloister/simulator/vllm';

/**
 * The stand-in of vLLM behind a server that answers what one engine alone cannot: requests with tools by a fixed call,
 * embeddings by a second stand-in.
 */
export interface ToolEngine extends AsyncDisposable {
  readonly url: string;
  readonly standIn: VllmStandIn;
}

const CALL = { id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{"name":"ferry"}' } };

/** Starts both on loopback. */
export async function startToolEngine(): Promise<ToolEngine> {
  const standIn = await startVllmStandIn({ millisecondsPerGeneratedToken: 2 });
  const pooling = await startVllmStandIn({ runner: 'pooling', model: standIn.model });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    if (body.includes('"tools"')) {
      const message = { role: 'assistant', content: null, tool_calls: [CALL] };
      const choices = [{ index: 0, message, finish_reason: 'tool_calls', logprobs: null }];
      const usage = { prompt_tokens: 8, completion_tokens: 8, total_tokens: 16 };
      const answer = { id: 'x', object: 'chat.completion', created: 1, model: standIn.model, choices, usage };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      return;
    }
    const { method = 'GET', headers } = request;
    const { url } = request.url === '/v1/embeddings' ? pooling : standIn;
    const forward = send(new URL(request.url ?? '/', url), { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy()).on('aborted', () => response.destroy());
      answer.pipe(response);
    });
    response.on('close', () => forward.destroy());
    forward.on('error', () => response.destroy()).end(body);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    standIn,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await standIn.close();
      await pooling.close();
    },
  };
}
